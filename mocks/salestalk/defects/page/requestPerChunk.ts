import { createMiddleware } from 'hono/factory';
import type { Defect } from '../defect.ts';
import { withScript } from './withScript.ts';

/** Reports home for every scrap that the user sees. */
export const requestPerChunk: Defect = {
  name: 'request-per-chunk',
  description: 'the page sends a request for each piece of a narrative that it shows',
  page: () => ({ ...withScript('reportChunks.ts'), around: [takeReport] }),
};

const takeReport = createMiddleware(async (c, next) => {
  if (c.req.path !== '/chunk-shown' || c.req.method !== 'POST') return next();
  return c.body(null, 204);
});
