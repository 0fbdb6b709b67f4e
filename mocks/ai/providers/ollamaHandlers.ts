import { Buffer } from 'node:buffer';
import { HttpResponse } from 'msw/http';
import { z } from 'zod';
import type { AiModel } from '../aiModel.ts';
import { countTokens } from './countTokens.ts';
import { deliver } from './deliver.ts';
import { ollamaError } from './ollamaError.ts';
import { readJsonBody } from './readJsonBody.ts';
import { ServedHandler } from './servedHandler.ts';
import { streamedAnswer } from './streamedAnswer.ts';
import { wholeAnswer } from './wholeAnswer.ts';

const generateSchema = z.object({
  model: z.string().min(1),
  prompt: z.string(),
  system: z.string().default(''),
  // Ollama streams unless told not to.
  stream: z.boolean().default(true),
});
const NANOSECONDS_A_MS = 1e6;
const VERSION = '0.12.0';
const MODELS = ['llama3.2:latest', 'llama3.1:8b', 'mistral:latest'];

/** Ollama's HTTP API as far as clients of `/api/generate` need it. Source: Ollama's API documentation (docs/api.md). */
export function ollamaHandlers(aiModel: AiModel) {
  return [
    new ServedHandler('POST', '*/api/generate', ({ request }) => {
      const { call } = request;
      const body = readJsonBody(request.body, generateSchema);
      if ('problem' in body) return HttpResponse.json({ error: body.problem }, { status: 400 });
      const { model, prompt, system, stream } = body.value;
      const answer = aiModel.answer(call, {
        provider: 'ollama',
        model,
        prompt: `${system}\n\n${prompt}`,
        streamed: stream,
        traceparent: request.headers.get('traceparent'),
        requestBytes: request.body.byteLength,
      });
      const { dueAtMs } = answer;
      const options = { call, answer, errorOf: ollamaError };
      const said = (response: string, atMs: number) => ({
        model,
        created_at: new Date(atMs).toISOString(),
        response,
        done: false,
      });
      const totalNs = Math.round((dueAtMs - call.arrivedAtMs) * NANOSECONDS_A_MS);
      const ended = (response: string) => ({
        ...said(response, dueAtMs),
        done: true,
        done_reason: 'stop',
        total_duration: totalNs,
        load_duration: 0,
        prompt_eval_count: countTokens(prompt),
        prompt_eval_duration: 0,
        eval_count: countTokens(answer.text),
        eval_duration: totalNs,
      });
      if (!stream) return deliver(wholeAnswer(ended(answer.text), { dueAtMs }), options);
      const last = answer.pieces.length - 1;
      const pieces = answer.pieces.map((piece, position) => {
        const lines = [said(piece.text, piece.dueAtMs), ...(position === last ? [ended('')] : [])];
        const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
        return { dueAtMs: piece.dueAtMs, bytes: Buffer.from(text) };
      });
      return deliver(
        streamedAnswer(pieces, { dueAtMs, headers: { 'content-type': 'application/x-ndjson' } }),
        options,
      );
    }),

    new ServedHandler('GET', '*/api/tags', () =>
      HttpResponse.json({ models: MODELS.map((name) => ({ name, model: name })) }),
    ),
    new ServedHandler('GET', '*/api/version', () => HttpResponse.json({ version: VERSION })),
    new ServedHandler(/.+/, '*/', () => HttpResponse.text('Ollama is running')),
  ];
}
