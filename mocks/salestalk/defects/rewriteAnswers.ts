import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../api/http/request.ts';

type Json = Record<string, unknown>;
type Rewrite = (body: Json, c: Context<ApiEnv>) => Json;

/** Changes every good answer: the JSON of a whole one, the `complete` event of a stream. */
export function rewriteAnswers(rewrite: Rewrite): MiddlewareHandler<ApiEnv> {
  return rewriteBodies({ status: 200, event: 'complete' }, rewrite);
}

/** Changes the JSON of every answer of one status, and every event of one type in a stream. */
export function rewriteBodies(
  which: { status: number; event: string },
  rewrite: Rewrite,
): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (c, next) => {
    await next();
    const { res } = c;
    if (isStreamed(res)) {
      c.res = rewriteLines(res, (line) => {
        const event = JSON.parse(line) as Json;
        return `${JSON.stringify(event.type === which.event ? rewrite(event, c) : event)}\n`;
      });
    } else if (res.body !== null && res.status === which.status) {
      c.res = new Response(JSON.stringify(rewrite((await res.json()) as Json, c)), res);
    }
  });
}

export function isStreamed(res: Response): boolean {
  return res.headers.get('Content-Type')?.startsWith('application/x-ndjson') === true;
}

/** The same answer, with each line of its stream replaced by what `rewrite` returns, and `atEnd` after the last. */
export function rewriteLines(
  res: Response,
  rewrite: (line: string) => string,
  atEnd: () => string = () => '',
): Response {
  if (res.body === null) return res;
  let rest = '';
  const rewriting = new TransformStream<string, string>({
    transform(text, controller) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) controller.enqueue(rewrite(line));
    },
    flush(controller) {
      controller.enqueue(atEnd());
    },
  });
  const body = res.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(rewriting)
    .pipeThrough(new TextEncoderStream());
  return new Response(body, res);
}
