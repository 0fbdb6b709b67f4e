import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../api/http/apiEnv.ts';

type Json = Record<string, unknown>;

/** Changes every good answer: the JSON of one, the `complete` event of a stream. Errors and other events stay as they are. */
export const rewriteAnswers = (rewrite: (answer: Json) => Json) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    await next();
    const { res } = c;
    if (res.status !== 200 || res.body === null) return;
    const streamed = res.headers.get('Content-Type')?.startsWith('application/x-ndjson') ?? false;
    const body = streamed
      ? res.body.pipeThrough(new TextDecoderStream()).pipeThrough(rewriteLines(rewrite))
      : JSON.stringify(rewrite((await res.json()) as Json));
    c.res = new Response(body, res);
  });

function rewriteLines(rewrite: (answer: Json) => Json): TransformStream<string, Uint8Array> {
  const encoder = new TextEncoder();
  let rest = '';
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = JSON.parse(line) as Json;
        const sent = event.type === 'complete' ? rewrite(event) : event;
        controller.enqueue(encoder.encode(`${JSON.stringify(sent)}\n`));
      }
    },
  });
}
