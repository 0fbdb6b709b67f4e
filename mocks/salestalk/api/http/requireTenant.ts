import { createMiddleware } from 'hono/factory';
import { type JWTPayload, jwtVerify } from 'jose';
import { isTenantId } from '../data/tenantId.ts';
import type { ApiEnv } from './apiEnv.ts';
import { ApiError } from './apiError.ts';
import { validationError } from './validationError.ts';

/** Lets a request pass only with a valid token, and takes its tenant from there and nowhere else. */
export const requireTenant = (key: CryptoKey) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(c.req.header('Authorization') ?? '') ?? [];
    if (token === undefined) throw unauthorized('A bearer token is required.');
    c.set('tenantId', tenantOf(await claimsOf(token, key)));
    await next();
  });

async function claimsOf(token: string, key: CryptoKey): Promise<JWTPayload> {
  try {
    const options = { algorithms: ['HS256'], requiredClaims: ['exp'] };
    return (await jwtVerify(token, key, options)).payload;
  } catch {
    throw unauthorized('The token is not valid, or no longer.');
  }
}

function tenantOf(claims: JWTPayload): string {
  const tenantId = claims['custom:tenant_id'] ?? claims.tenantId;
  if (tenantId === undefined) throw validationError('The token names no tenant.');
  if (!isTenantId(tenantId)) throw validationError('The token names a tenant that cannot be one.');
  return tenantId;
}

const unauthorized = (message: string): ApiError => new ApiError(401, 'Unauthorized', message);
