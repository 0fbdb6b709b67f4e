import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../../api/http/apiEnv.ts';
import type { Defect } from '../defect.ts';

/** A stream in name only: something on the way gathers it. */
export const batchedChunks: Defect = {
  name: 'batched-chunks',
  description: 'all pieces of a streamed narrative are held back and sent at its end',
  around: () =>
    createMiddleware<ApiEnv>(async (c, next) => {
      await next();
      const { res } = c;
      const type = res.headers.get('Content-Type') ?? '';
      if (res.body === null || !type.startsWith('application/x-ndjson')) return;
      const held = res.body.pipeThrough(new TextDecoderStream()).pipeThrough(holdChunks());
      c.res = new Response(held.pipeThrough(new TextEncoderStream()), res);
    }),
};

function holdChunks(): TransformStream<string, string> {
  let rest = '';
  let held = '';
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        held += `${line}\n`;
        if (JSON.parse(line).type === 'narrative_chunk') continue;
        controller.enqueue(held);
        held = '';
      }
    },
    flush(controller) {
      if (held !== '') controller.enqueue(held);
    },
  });
}
