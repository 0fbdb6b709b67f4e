import type { Handler, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { isTenantId } from '../data/tenantTables.ts';
import type { Services } from '../services.ts';
import { ApiError, validationError } from './failures.ts';
import { type ApiEnv, readBody } from './request.ts';

/** Admits only requests with a valid token, and takes their tenant from it alone. */
export function requireTenant(key: CryptoKey): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(c.req.header('Authorization') ?? '') ?? [];
    if (token === undefined) throw unauthorized('A bearer token is required.');
    c.set('tenantId', readTenant(await verifyToken(token, key)));
    await next();
  });
}

async function verifyToken(token: string, key: CryptoKey): Promise<JWTPayload> {
  try {
    const options = { algorithms: ['HS256'], requiredClaims: ['exp'] };
    return (await jwtVerify(token, key, options)).payload;
  } catch {
    throw unauthorized('The token is not valid, or no longer.');
  }
}

function readTenant(claims: JWTPayload): string {
  const tenantId = claims['custom:tenant_id'] ?? claims.tenantId;
  if (tenantId === undefined) throw validationError('The token names no tenant.');
  if (!isTenantId(tenantId)) throw validationError('The token names a tenant that cannot be one.');
  return tenantId;
}

const unauthorized = (message: string): ApiError => new ApiError(401, 'Unauthorized', message);

/** `POST /demo/token` `{ "tenantId" }` → `{ "token" }`: lets anyone in as any tenant, so for demonstrations only. */
export function createDemoTokenHandler({ tables, key }: Services): Handler<ApiEnv> {
  return async (c) => {
    const { tenantId } = await readBody(c);
    if (typeof tenantId !== 'string' || !tables.tenantIds().includes(tenantId)) {
      throw validationError('"tenantId" is not one of the demo workspaces.');
    }
    const token = await new SignJWT({ 'custom:tenant_id': tenantId })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('12 hours')
      .sign(key);
    return c.json({ token });
  };
}

/** The key for HS256 tokens, imported once: an import for each token would take longer than its check. */
export function importSigningKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const bytes = new TextEncoder().encode(secret);
  return crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign', 'verify']);
}
