import { createMiddleware } from 'hono/factory';
import type { Defect } from '../defect.ts';

/** Everything again with every visit. */
export const uncachedAssets: Defect = {
  name: 'uncached-assets',
  description: 'no browser may keep the scripts and styles of the page',
  page: () => ({ around: [forbidKeeping] }),
};

const forbidKeeping = createMiddleware(async (c, next) => {
  await next();
  if (!c.req.path.startsWith('/assets/')) return;
  c.res.headers.set('Cache-Control', 'no-store');
  c.res.headers.delete('ETag');
});
