import { type JWTPayload, SignJWT } from 'jose';

export const testSecret = 'a secret that only the tests know';

/** A token with these claims, signed by the tests' secret, an hour from running out. */
export function tokenWith(
  claims: JWTPayload,
  options: { secret?: string; alg?: string; expiresInSeconds?: number | null } = {},
): Promise<string> {
  const jwt = new SignJWT(claims).setProtectedHeader({ alg: options.alg ?? 'HS256' });
  const seconds = options.expiresInSeconds === undefined ? 3600 : options.expiresInSeconds;
  if (seconds !== null) jwt.setExpirationTime(Math.floor(Date.now() / 1000) + seconds);
  return jwt.sign(new TextEncoder().encode(options.secret ?? testSecret));
}

export const tokenFor = (tenantId: string): Promise<string> =>
  tokenWith({ 'custom:tenant_id': tenantId });
