import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose';
import { HarnessError } from '../core/harnessError.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import type { TargetVariables } from './readEnvironment.ts';

export type Tokens = ReadonlyMap<string, string>;

/** Variables that tokens come from; one of them is enough. */
export type TokenSource = Pick<TargetVariables, 'SALESTALK_TOKENS' | 'SALESTALK_JWT_SECRET'>;

/** Longer than any run. */
const LIFETIME_MS = 6 * 60 * 60_000;
/** Issued in the past, since the clock of the target may be behind ours. */
const ISSUED_BEFORE_MS = 60_000;

/**
 * The tokens of a target: the given ones, or tokens made for each tenant with the secret of a test deployment.
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
    // Other text is not shown, since it may be a token.
    const [, tenant, token] = /^([a-z0-9-]{1,64})=(.+)$/s.exec(pair.trim()) ?? [];
    if (tenant === undefined || token === undefined) {
      const place = `pair ${at + 1}`;
      throw invalid(place, 'text that is not tenant=JWT', 'tenant=JWT, comma-separated');
    }
    if (tokens.has(tenant)) throw invalid(tenant, 'two tokens', 'one token for each tenant');
    checkToken(token, tenant, now);
    tokens.set(tenant, token);
  });
  return tokens;
}

function checkToken(token: string, tenant: string, now: Date): void {
  const claims = decodeToken(token);
  if (claims === null) throw invalid(tenant, 'text that is not a JWT', 'a JWT');
  const { exp } = claims;
  if (exp !== undefined && !(exp * 1000 > now.getTime())) {
    throw invalid(
      tenant,
      `a token that expired${describeTime(exp)}`,
      'a token that has not expired',
    );
  }
  const claimed: unknown = claims['custom:tenant_id'] ?? claims.tenantId;
  if (claimed === tenant) return;
  const found = claimed === undefined ? 'no tenant' : `tenant ${JSON.stringify(claimed)}`;
  throw invalid(tenant, `a token of ${found.slice(0, 80)}`, `a token of tenant "${tenant}"`);
}

/** Empty if the token states no valid date. */
function describeTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? '' : ` at ${time.toISOString()}`;
}

function decodeToken(token: string): JWTPayload | null {
  // jose decodes the middle part alone, so it would accept `Bearer <token>`.
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
    summary: `SALESTALK_TOKENS cannot be used for ${place}.`,
    file: 'SALESTALK_TOKENS',
    path: place,
    found,
    expected,
    remedy: 'Correct it in .env.<target> or in the environment, or have a new token issued.',
  });
}

/** Passes the tokens of a run to its workers, which inherit the environment. */
export function publishTokens(tokens: Tokens): void {
  process.env.SALESTALK_TOKENS = [...tokens]
    .map(([tenant, token]) => `${tenant}=${token}`)
    .join(',');
}

export function readPublishedTokens(): Tokens {
  const pairs = (process.env.SALESTALK_TOKENS ?? '').split(',').filter((pair) => pair !== '');
  return new Map(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

/** Looks up the token of a tenant. @throws RangeError without one: the request would fail by a mistake of the harness */
export function tokenFrom(tokens: Tokens): (tenant: string) => string {
  return (tenant) => {
    const token = tokens.get(tenant);
    if (token === undefined) throw new RangeError(`there is no token for tenant ${tenant}`);
    return token;
  };
}

/** Ends a measurement whose token has expired, since its failures say nothing of SalesTalk. @throws HarnessError TOKEN_INVALID for status 401 */
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
