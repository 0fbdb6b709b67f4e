import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../../api/http/apiEnv.ts';
import type { Defect } from '../defect.ts';
import { readOn } from './readOn.ts';

/** A service that does not notice that its caller has left. */
export const abandonedWork: Defect = {
  name: 'abandoned-work',
  description: 'goes on calling its model when the caller has left',
  around: () =>
    createMiddleware<ApiEnv>(async (c, next) => {
      c.req.raw = new Request(c.req.raw, { signal: null });
      await next();
      if (c.res.body !== null) c.res = new Response(readOn(c.res.body), c.res);
    }),
};
