import { Buffer } from 'node:buffer';
import { HttpResponse, http } from 'msw/http';
import { z } from 'zod';
import { readJsonBody } from '../../readInput.ts';
import type { ProviderError } from '../faults/faults.ts';
import { findCall } from '../journal/call.ts';
import { countTokens, jsonHeaders, type Provider, respond } from './provider.ts';

const generateSchema = z.object({
  model: z.string().min(1),
  prompt: z.string(),
  system: z.string().default(''),
  // Ollama streams unless the request says otherwise.
  stream: z.boolean().default(true),
});
const NANOSECONDS_A_MS = 1e6;
const VERSION = '0.12.0';
const MODELS = ['llama3.2:latest', 'llama3.1:8b', 'mistral:latest'];

/** Ollama's HTTP API as far as clients of `/api/generate` need it. Source: Ollama's API documentation (docs/api.md). */
export const ollama: Provider = {
  handlers: (aiModel) => [
    http.post('*/api/generate', async ({ request }) => {
      const call = findCall(request);
      const body = await readJsonBody(request, generateSchema);
      if ('problem' in body) return HttpResponse.json({ error: body.problem }, { status: 400 });
      const { model, prompt, system, stream } = body.value;
      const answer = aiModel.answer(call, {
        provider: 'ollama',
        model,
        prompt: `${system}\n\n${prompt}`,
        streamed: stream,
        traceparent: request.headers.get('traceparent'),
      });
      const { dueAtMs } = answer;
      const options = { call, answer, buildError: ollamaError };
      const chunk = (response: string, atMs: number) => ({
        model,
        created_at: new Date(atMs).toISOString(),
        response,
        done: false,
      });
      const totalNs = Math.round((dueAtMs - call.arrivedAtMs) * NANOSECONDS_A_MS);
      const finalChunk = (response: string) => ({
        ...chunk(response, dueAtMs),
        done: true,
        done_reason: 'stop',
        total_duration: totalNs,
        load_duration: 0,
        prompt_eval_count: countTokens(prompt),
        prompt_eval_duration: 0,
        eval_count: countTokens(answer.text),
        eval_duration: totalNs,
      });
      if (!stream) {
        const bytes = Buffer.from(JSON.stringify(finalChunk(answer.text)));
        return respond({ headers: jsonHeaders(bytes), pieces: [{ dueAtMs, bytes }] }, options);
      }
      const last = answer.pieces.length - 1;
      const pieces = answer.pieces.map((piece, position) => {
        const chunks = [
          chunk(piece.text, piece.dueAtMs),
          ...(position === last ? [finalChunk('')] : []),
        ];
        const lines = chunks.map((each) => `${JSON.stringify(each)}\n`).join('');
        return { dueAtMs: piece.dueAtMs, bytes: Buffer.from(lines) };
      });
      return respond({ headers: { 'content-type': 'application/x-ndjson' }, pieces }, options);
    }),

    http.get('*/api/tags', () =>
      HttpResponse.json({ models: MODELS.map((name) => ({ name, model: name })) }),
    ),
    http.get('*/api/version', () => HttpResponse.json({ version: VERSION })),
    http.all('*/', () => HttpResponse.text('Ollama is running')),
  ],

  exampleCall: (prompt, streamed) => ({
    path: '/api/generate',
    body: JSON.stringify({ model: 'm', prompt, stream: streamed }),
  }),
};

const ERROR_MESSAGES: Record<number, string> = {
  400: 'the request was not understood',
  404: 'model not found',
  429: 'too many requests',
  500: 'the model runner has stopped unexpectedly',
  503: 'the server is busy: the queue of requests is full',
};

/** An error as Ollama words it: one JSON object with `error`. Source: Ollama's API documentation. */
function ollamaError(status: number): ProviderError {
  const error = ERROR_MESSAGES[status] ?? `the request failed with status ${status}`;
  return { headers: {}, body: JSON.stringify({ error }) };
}
