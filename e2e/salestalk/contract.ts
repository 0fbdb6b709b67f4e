import { z } from 'zod';
import { parseJson } from '../core/readJson.ts';
import type { TimedExchange } from '../probes/httpClient.ts';

/* The parts of SalesTalk's answers that the harness relies on. */

/** Header with the request id, of a request and of its answer. */
export const REQUEST_ID_HEADER = 'x-request-id';

export const share = z.number().min(0).max(1);

export const classification = z.object({
  intent: z.string().min(1),
  subject: z.string().min(1),
  measure: z.string().min(1),
  time: z.object({ period: z.string() }).partial(),
  // Loose, so that checks see its components.
  confidence: z.looseObject({ overall: share }),
});

/** Optional: an answer without it is complete and fails only metadata accuracy. */
const latencyOnly = z.object({ latencyMs: z.number().optional().catch(undefined) });

export const classifyAnswer = z.object({
  classification,
  requestId: z.string().min(1),
  tenantId: z.string().min(1),
  metadata: latencyOnly.nullish(),
});

const dataReference = z.object({
  metric: z.string(),
  period: z.string(),
  value: z.number(),
  unit: z.string(),
  source: z.object({ table: z.string(), pk: z.string(), sk: z.string() }),
});

export const chatAnswer = z.object({
  response: z.string().regex(/\S/),
  sessionId: z.string().min(1),
  requestId: z.string().min(1),
  classification,
  dataReferences: z.array(dataReference),
  metadata: latencyOnly.extend({ refused: z.boolean().nullish() }).nullish(),
});

export const errorAnswer = z.object({
  error: z.string().min(1),
  message: z.string().min(1),
  requestId: z.string().min(1),
});

/** A stream reports a failure in its last line. */
export const streamedError = errorAnswer.extend({ type: z.literal('error') });

/** The last line of a stream, without blank lines. */
export function readLastLine(body: string): string {
  return body.trimEnd().split('\n').at(-1) ?? '';
}

/** One line of a streamed chat answer. */
const streamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('classification_start'), requestId: z.string() }),
  z.object({ type: z.literal('classification_complete'), requestId: z.string() }),
  z.object({ type: z.literal('data_retrieval_start'), requestId: z.string() }),
  z.object({ type: z.literal('data_retrieval_complete'), requestId: z.string() }),
  z.object({ type: z.literal('narrative_start'), requestId: z.string() }),
  z.object({ type: z.literal('narrative_chunk'), requestId: z.string(), text: z.string() }),
  chatAnswer.extend({ type: z.literal('complete') }),
  z.object({ type: z.literal('error'), requestId: z.string() }),
]);

type StreamEvent = z.infer<typeof streamEvent>;

/** An event of a stream and when its line was complete, in ms from sending. */
type TimedEvent = { atMs: number; event: StreamEvent };

/**
 * Reads the events of a streamed answer.
 * @throws Error with the number of a line that is no event, without its text, which may hold secrets
 */
export function readStream(chunks: TimedExchange['chunks']): TimedEvent[] {
  const events: TimedEvent[] = [];
  let rest = '';
  const add = (atMs: number, line: string): void => {
    if (line.trim() !== '') events.push({ atMs, event: parseEvent(line, events.length + 1) });
  };
  for (const { atMs, text } of chunks) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) add(atMs, line);
  }
  const last = chunks.at(-1);
  if (last !== undefined) add(last.atMs, rest);
  return events;
}

function parseEvent(line: string, place: number): StreamEvent {
  const result = streamEvent.safeParse(parseJson(line));
  if (result.success) return result.data;
  throw new Error(`line ${place} is no event`);
}
