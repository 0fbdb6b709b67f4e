import type { Handler } from 'hono';
import { SignJWT } from 'jose';
import type { Services } from '../services.ts';
import type { ApiEnv } from './apiEnv.ts';
import { readBody } from './readBody.ts';
import { validationError } from './validationError.ts';

/** `POST /demo/token` `{ "tenantId" }` → `{ "token" }`: lets anyone in as any tenant, so for demonstrations only. */
export const demoTokenRoute =
  (services: Services): Handler<ApiEnv> =>
  async (c) => {
    const { tenantId } = await readBody(c);
    if (typeof tenantId !== 'string' || !services.tables.tenantIds().includes(tenantId)) {
      throw validationError('"tenantId" is not one of the demo workspaces.');
    }
    const token = await new SignJWT({ 'custom:tenant_id': tenantId })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('12 hours')
      .sign(services.key);
    return c.json({ token });
  };
