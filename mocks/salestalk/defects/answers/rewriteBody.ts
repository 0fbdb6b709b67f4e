import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../../api/http/apiEnv.ts';

export type Json = Record<string, unknown>;
export type Rewrite = (body: Json, c: Context<ApiEnv>) => Json;

/** Changes the JSON of every answer of one status, and every event of one type in a stream. All others stay as they are. */
export const rewriteBody = (which: { status: number; event: string }, rewrite: Rewrite) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    await next();
    const { res } = c;
    if (res.body === null) return;
    const type = res.headers.get('Content-Type') ?? '';
    if (type.startsWith('application/x-ndjson')) {
      const lines = rewriteLines((event) =>
        event.type === which.event ? rewrite(event, c) : event,
      );
      c.res = new Response(res.body.pipeThrough(new TextDecoderStream()).pipeThrough(lines), res);
    } else if (res.status === which.status) {
      c.res = new Response(JSON.stringify(rewrite((await res.json()) as Json, c)), res);
    }
  });

function rewriteLines(rewrite: (event: Json) => Json): TransformStream<string, Uint8Array> {
  const encoder = new TextEncoder();
  let rest = '';
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = rewrite(JSON.parse(line) as Json);
        controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      }
    },
  });
}
