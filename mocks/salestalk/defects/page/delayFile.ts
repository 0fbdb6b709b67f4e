import { createMiddleware } from 'hono/factory';
import { wait } from '../../api/wait.ts';
import type { DefectTools } from '../defect.ts';

/** Holds one file of the page's assets back. A browser that gives up on it ends the wait. */
export const delayFile = ({ clock }: DefectTools, file: string, delayMs: number) =>
  createMiddleware(async (c, next) => {
    if (c.req.path.endsWith(`/${file}`)) await wait(clock, delayMs, c.req.raw.signal);
    await next();
  });
