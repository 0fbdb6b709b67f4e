import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../../api/http/apiEnv.ts';
import type { Defect } from '../defect.ts';

/*
 * In V8 as Node and Deno build it a pointer takes eight bytes; an array has a header of four pointers, its elements one of two.
 */
const pointerBytes = 8;
const heldPointers = (5 * 1024) / pointerBytes - 6;

/** A process that keeps a little of every request, for ever. */
export const apiLeak: Defect = {
  name: 'api-leak',
  description: "each request leaves 5 KB in the process's heap",
  around: () => {
    const leaked: number[][] = [];
    return createMiddleware<ApiEnv>(async (_, next) => {
      leaked.push(Array.from({ length: heldPointers }, (_, index) => index));
      await next();
    });
  },
};
