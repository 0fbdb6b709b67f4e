import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../../api/http/apiEnv.ts';
import type { Defect } from '../defect.ts';

/** A service whose failures nobody can read: the framework's own page in place of the contract's form. */
export const bareError: Defect = {
  name: 'bare-error',
  description: 'a failure of the model is answered 500 in plain text; streams are as ever',
  around: () =>
    createMiddleware<ApiEnv>(async (c, next) => {
      await next();
      if (c.res.status === 502) c.res = new Response('Internal Server Error', { status: 500 });
    }),
};
