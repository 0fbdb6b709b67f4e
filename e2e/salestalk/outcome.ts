import type { z } from 'zod';
import { formatPath } from '../core/checkInput.ts';
import { parseJson } from '../core/readJson.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import { chatAnswer, classifyAnswer, readStream } from './contract.ts';

/** The parts of an answer that the checks need, of any operation. */
export type Answer = {
  /** Of the answer and every event of its stream. */
  requestIds: string[];
  classification: z.infer<typeof classifyAnswer>['classification'];
  /** Only of a classification. */
  tenantId?: string;
  /** Only of a chat, as `dataReferences`. */
  sessionId?: string;
  dataReferences?: z.infer<typeof chatAnswer>['dataReferences'];
};

/** The parts of a recorded request that depend on SalesTalk's answer. */
export type Outcome = Pick<RequestLine, 'failure' | 'values'> & {
  /** Null without an answer of the contract. */
  answer: Answer | null;
};

export function classifyOutcome(exchange: TimedExchange): Outcome {
  return judgeBody(exchange, classifyAnswer, ({ requestId, tenantId, classification }) => ({
    answer: { requestIds: [requestId], tenantId, classification },
    objection: null,
  }));
}

export function chatOutcome(exchange: TimedExchange): Outcome {
  return judgeBody(exchange, chatAnswer, (answer) => ({
    answer: { ...answer, requestIds: [answer.requestId] },
    objection: chatObjection(answer),
  }));
}

/** The narrative's latency runs from its start event to the end of the answer; `totalMs` is the whole request. */
export function narrativeOutcome(exchange: TimedExchange): Outcome {
  const failure = transportFailure(exchange);
  const { durationMs, firstByteMs } = exchange;
  if (failure !== null || durationMs === null || firstByteMs === null) return failed(failure);
  try {
    const events = readStream(exchange.chunks);
    const start = events.find(({ event }) => event.type === 'narrative_start');
    const chunk = events.find(({ event }) => event.type === 'narrative_chunk');
    const last = events.at(-1);
    if (events.some(({ event }) => event.type === 'error')) return failed('error in the stream');
    if (last?.event.type !== 'complete') return failed('stream broke off');
    const objection = chatObjection(last.event);
    if (objection !== null) return failed(objection);
    if (start === undefined || chunk === undefined) return failed('stream without a narrative');
    const requestIds = events.map(({ event }) => event.requestId);
    return {
      failure: null,
      values: {
        latencyMs: last.atMs - start.atMs,
        firstChunkMs: chunk.atMs,
        firstByteMs,
        totalMs: durationMs,
        ...readReportedLatency(last.event),
      },
      answer: { ...last.event, requestIds },
    };
  } catch (error) {
    return failed(`invalid answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Reported = { metadata?: { latencyMs?: number | undefined } | null | undefined };

function judgeBody<T extends Reported>(
  exchange: TimedExchange,
  schema: z.ZodType<T>,
  read: (body: T) => { answer: Answer; objection: string | null },
): Outcome {
  const failure = transportFailure(exchange);
  const { durationMs, firstByteMs } = exchange;
  if (failure !== null || durationMs === null || firstByteMs === null) return failed(failure);
  const result = schema.safeParse(parseJson(exchange.body));
  if (!result.success) {
    return failed(`invalid answer: ${formatPath(result.error.issues[0]?.path ?? [])}`);
  }
  const { answer, objection } = read(result.data);
  if (objection !== null) return failed(objection);
  const values = { latencyMs: durationMs, firstByteMs, ...readReportedLatency(result.data) };
  return { failure: null, values, answer };
}

function readReportedLatency({ metadata }: Reported): { reportedLatencyMs?: number } {
  const reported = metadata?.latencyMs;
  return reported === undefined ? {} : { reportedLatencyMs: reported };
}

/** A refusal needs one call of the model instead of two: as an answer it would make the service look faster. */
function chatObjection({ metadata }: z.infer<typeof chatAnswer>): string | null {
  return metadata?.refused === true ? 'refused to answer' : null;
}

function transportFailure({ failure, status }: TimedExchange): string | null {
  if (failure !== null) return failure;
  return status === 200 ? null : `status ${status}`;
}

function failed(reason: string | null): Outcome {
  return { failure: reason ?? 'incomplete answer', values: {}, answer: null };
}
