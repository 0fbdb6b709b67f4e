import { Agent, type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { AiCallError } from './aiCallError.ts';
import type { AiCall, AiCallKind, AiProvider } from './aiProvider.ts';
import { aiStatusError } from './aiStatusError.ts';
import { ndjsonLines } from './ndjsonLines.ts';
import { parseProviderJson } from './parseProviderJson.ts';
import { undiciFailure } from './undiciFailure.ts';

/** How long the HTTP client itself waits for an answer, whatever the policy, in milliseconds. */
const clientWaitMs: Record<AiCallKind, number> = { classification: 120_000, narrative: 30_000 };

const maxAnswerBytes = 4 * 1024 * 1024;

const answerSchema = z.object({ response: z.string() });
const chunkSchema = z.union([
  z.object({ error: z.string() }),
  z.object({ response: z.string().default(''), done: z.boolean() }),
]);

/** A model served by Ollama: `POST {baseUrl}/api/generate`. */
export function ollamaProvider(options: { baseUrl: string; model: string }): AiProvider {
  const url = `${options.baseUrl.replace(/(?<!\/)\/+$/, '')}/api/generate`;
  const dispatcher = new Agent({ maxResponseSize: maxAnswerBytes });

  async function generate(call: AiCall, stream: boolean): Promise<Dispatcher.ResponseData> {
    const answer = await request(url, {
      dispatcher,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(call.traceparent === null ? {} : { traceparent: call.traceparent }),
      },
      body: JSON.stringify({
        model: options.model,
        prompt: call.prompt,
        stream,
        options: { temperature: call.temperature },
      }),
      signal: call.signal,
      headersTimeout: clientWaitMs[call.kind],
      bodyTimeout: clientWaitMs[call.kind],
    });
    if (answer.statusCode === 200) return answer;
    await answer.body.dump();
    const retryAfter = answer.headers['retry-after'];
    throw aiStatusError(answer.statusCode, typeof retryAfter === 'string' ? retryAfter : null);
  }

  return {
    name: 'ollama',

    async complete(call) {
      const text = await undiciFailure(async () => (await generate(call, false)).body.text());
      return parseProviderJson(text, answerSchema).response;
    },

    async *stream(call) {
      const { body } = await undiciFailure(() => generate(call, true));
      try {
        const lines = ndjsonLines(body);
        let done = false;
        // Read to the very end, not to `done`: a body left unread costs the connection.
        for (;;) {
          const line = await undiciFailure(() => lines.next());
          if (line.done) break;
          const chunk = parseProviderJson(line.value, chunkSchema);
          if ('error' in chunk)
            throw new AiCallError('server', 'the provider broke off with an error');
          if (chunk.response !== '') yield chunk.response;
          done ||= chunk.done;
        }
        if (!done) throw new AiCallError('network', 'the stream ended before it was done');
      } finally {
        if (!body.readableEnded) body.destroy();
      }
    },

    close: () => dispatcher.destroy(),
  };
}
