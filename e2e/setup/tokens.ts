import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { HarnessError } from '../core/harnessError.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import type { TargetVariables } from './readEnvironment.ts';

/** Tokens by tenant. */
export type Tokens = ReadonlyMap<string, string>;

/** Variables that give tokens; one of them is enough. */
export type TokenSource = Pick<TargetVariables, 'SALESTALK_TOKENS' | 'SALESTALK_JWT_SECRET'>;

/** Longer than any run may take. */
const LIFETIME_MS = 6 * 60 * 60_000;
/** A target whose clock is behind ours by less would call the token "used before issued". */
const ISSUED_BEFORE_MS = 60_000;

/**
 * Tokens of a target: those given, or, for a test deployment whose secret is known, tokens made from it for each tenant.
 * @throws HarnessError TOKEN_INVALID, which never shows a token
 */
export async function readTokens(
  source: TokenSource,
  tenants: readonly string[],
  now: Date,
): Promise<Tokens> {
  const { SALESTALK_TOKENS: given, SALESTALK_JWT_SECRET: secret } = source;
  if (given !== undefined) return readPairs(given, now);
  if (secret !== undefined) {
    const made = tenants.map(
      async (tenant) => [tenant, await makeToken(tenant, secret, now)] as const,
    );
    return new Map(await Promise.all(made));
  }
  throw new HarnessError({
    code: 'TOKEN_INVALID',
    summary: 'There is no token for SalesTalk.',
    file: 'SALESTALK_TOKENS',
    found: 'neither SALESTALK_TOKENS nor SALESTALK_JWT_SECRET',
    expected: 'tenant=JWT pairs, comma-separated; or the HS256 secret of a test deployment',
    remedy: 'Set one of the two in .env.<target> or in the environment.',
  });
}

function makeToken(tenant: string, secret: string, now: Date): Promise<string> {
  return new SignJWT({ 'custom:tenant_id': tenant })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(new Date(now.getTime() - ISSUED_BEFORE_MS))
    .setExpirationTime(new Date(now.getTime() + LIFETIME_MS))
    .sign(new TextEncoder().encode(secret));
}

function readPairs(given: string, now: Date): Tokens {
  const tokens = new Map<string, string>();
  given.split(',').forEach((pair, at) => {
    // Text that is no pair is never shown, since it may be a token.
    const [, tenant, token] = /^([a-z0-9-]{1,64})=(.+)$/s.exec(pair.trim()) ?? [];
    if (tenant === undefined || token === undefined) {
      const place = `pair ${at + 1}`;
      throw invalid(place, 'text that is not tenant=JWT', 'tenant=JWT, comma-separated');
    }
    if (tokens.has(tenant)) throw invalid(tenant, 'two tokens', 'one token for each tenant');
    refuseUseless(token, tenant, now);
    tokens.set(tenant, token);
  });
  return tokens;
}

function refuseUseless(token: string, tenant: string, now: Date): void {
  const claims = decode(token);
  if (claims === null) throw invalid(tenant, 'text that is no JWT', 'a JWT');
  const { exp } = claims;
  if (exp !== undefined && !(exp * 1000 > now.getTime())) {
    throw invalid(tenant, `a token that expired${describeTime(exp)}`, 'a token that is still good');
  }
  const claimed: unknown = claims['custom:tenant_id'] ?? claims.tenantId;
  if (claimed === tenant) return;
  const found = claimed === undefined ? 'no tenant' : `tenant ${JSON.stringify(claimed)}`;
  throw invalid(tenant, `a token of ${found.slice(0, 80)}`, `a token of tenant "${tenant}"`);
}

/** A token may claim any number, or no number, as the time of its end. */
function describeTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? '' : ` at ${time.toISOString()}`;
}

function decode(token: string): ReturnType<typeof decodeJwt> | null {
  // Decoding alone looks at the middle part: `Bearer <token>` would pass here and fail at the target.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return null;
  try {
    decodeProtectedHeader(token);
    return decodeJwt(token);
  } catch {
    return null;
  }
}

function invalid(place: string, found: string, expected: string): HarnessError {
  return new HarnessError({
    code: 'TOKEN_INVALID',
    summary: `SALESTALK_TOKENS is of no use for ${place}.`,
    file: 'SALESTALK_TOKENS',
    path: place,
    found,
    expected,
    remedy: 'Mend it in .env.<target> or in the environment, or have a new token issued.',
  });
}

/** Hands the tokens of a run on to its workers, which inherit the environment. */
export function publishTokens(tokens: Tokens): void {
  process.env.SALESTALK_TOKENS = [...tokens]
    .map(([tenant, token]) => `${tenant}=${token}`)
    .join(',');
}

/** The tokens that the set-up checked and handed on. */
export function readGivenTokens(): Tokens {
  const pairs = (process.env.SALESTALK_TOKENS ?? '').split(',').filter((pair) => pair !== '');
  return new Map(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

/** Looks up the token of a tenant. @throws RangeError without one: a request with an empty token would fail for a reason of ours */
export function tokenFrom(tokens: Tokens): (tenant: string) => string {
  return (tenant) => {
    const token = tokens.get(tenant);
    if (token === undefined) throw new RangeError(`there is no token for tenant ${tenant}`);
    return token;
  };
}

/** A token that expires during a run says nothing about SalesTalk. @throws HarnessError TOKEN_INVALID */
export function refuseRejectedToken({
  status,
  tenant,
  operation,
}: Pick<RequestLine, 'status' | 'tenant' | 'operation'>): void {
  if (status !== 401) return;
  throw new HarnessError({
    code: 'TOKEN_INVALID',
    summary: `SalesTalk no longer accepts the token for ${tenant}; the measurement ends here.`,
    file: 'SALESTALK_TOKENS',
    path: tenant,
    found: `status 401 to ${operation}`,
    expected: 'a token that outlives the run',
    remedy: 'Have a token with a longer life issued and run again.',
  });
}
