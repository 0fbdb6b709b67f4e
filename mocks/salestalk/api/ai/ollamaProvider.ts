import { Agent, type Dispatcher, errors, request } from 'undici';
import { z } from 'zod';
import {
  type AiCall,
  AiCallError,
  type AiProvider,
  aiStatusError,
  parseProviderJson,
} from './aiProvider.ts';

/** How long the HTTP client itself waits for an answer, whatever the policy. */
const CLIENT_WAIT_MS = { classification: 120_000, narrative: 30_000 };

const TIMEOUTS = [errors.HeadersTimeoutError, errors.BodyTimeoutError, errors.ConnectTimeoutError];

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const answerSchema = z.object({ response: z.string() });
const chunkSchema = z.union([
  z.object({ error: z.string() }),
  z.object({ response: z.string().default(''), done: z.boolean() }),
]);

/** A model served by Ollama: `POST {baseUrl}/api/generate`. */
export function createOllamaProvider(options: { baseUrl: string; model: string }): AiProvider {
  const url = `${options.baseUrl.replace(/(?<!\/)\/+$/, '')}/api/generate`;
  const dispatcher = new Agent({ maxResponseSize: MAX_ANSWER_BYTES });

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
      headersTimeout: CLIENT_WAIT_MS[call.kind],
      bodyTimeout: CLIENT_WAIT_MS[call.kind],
    });
    if (answer.statusCode === 200) return answer;
    await answer.body.dump();
    const retryAfter = answer.headers['retry-after'];
    throw aiStatusError(answer.statusCode, typeof retryAfter === 'string' ? retryAfter : null);
  }

  return {
    name: 'ollama',

    async complete(call) {
      const text = await translateUndiciErrors(async () =>
        (await generate(call, false)).body.text(),
      );
      return parseProviderJson(text, answerSchema).response;
    },

    async *stream(call) {
      const { body } = await translateUndiciErrors(() => generate(call, true));
      try {
        const lines = ndjsonLines(body);
        let done = false;
        // Read to the end, not to `done`: an unread body costs the connection.
        for (;;) {
          const line = await translateUndiciErrors(() => lines.next());
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

/** The lines of a stream of UTF-8 text, blank ones left out. The last line needs no line break. */
export async function* ndjsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield rest;
}

/** Runs `work`, and translates what undici throws to an AiCallError. */
async function translateUndiciErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AiCallError) throw cause;
    if (TIMEOUTS.some((timeout) => cause instanceof timeout))
      throw new AiCallError('timeout', 'no answer before the HTTP client gave up', { cause });
    if (cause instanceof errors.ResponseExceededMaxSizeError) {
      throw new AiCallError('malformed', 'the answer is too long', { cause });
    }
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AiCallError('network', `no whole answer: ${message}`, { cause });
  }
}
