import type { z } from 'zod';
import { formatPath } from '../core/budget/describeIssue.ts';
import { parseJson } from '../core/parseJson.ts';
import type { RequestLine } from '../core/record/recordLine.ts';
import type { TimedExchange } from '../probes/timedClient.ts';
import { chatAnswer, classifyAnswer } from './contract.ts';
import { readStream } from './readStream.ts';

/** What an exchange came to: the part of a recorded request that takes knowledge of SalesTalk to tell. */
export type Outcome = Pick<RequestLine, 'failure' | 'values'>;

/** What was asked, to check that the answer belongs to it. */
export type Asked = { tenant: string; requestId: string };

export function classifyOutcome(exchange: TimedExchange, asked: Asked): Outcome {
  return judgeBody(exchange, classifyAnswer, asked, (answer) => {
    if (answer.tenantId !== asked.tenant) return 'answer of another tenant';
    return null;
  });
}

export function chatOutcome(exchange: TimedExchange, asked: Asked): Outcome {
  return judgeBody(exchange, chatAnswer, asked, (answer) => chatObjection(answer, asked));
}

/** The narrative's latency runs from its start event to the end of the answer; `totalMs` is the whole request. */
export function narrativeOutcome(exchange: TimedExchange, asked: Asked): Outcome {
  const failure = transportFailure(exchange);
  const { durationMs, firstByteMs } = exchange;
  if (failure !== null || durationMs === null || firstByteMs === null) return failed(failure);
  try {
    const events = readStream(exchange.chunks);
    const start = events.find(({ event }) => event.type === 'narrative_start');
    const chunk = events.find(({ event }) => event.type === 'narrative_chunk');
    const last = events.at(-1);
    const foreign = events.map(({ event }) => idObjection(event, asked)).find((id) => id !== null);
    if (foreign !== undefined) return failed(foreign);
    if (events.some(({ event }) => event.type === 'error')) return failed('error in the stream');
    if (last?.event.type !== 'complete') return failed('stream broke off');
    const objection = chatObjection(last.event, asked);
    if (objection !== null) return failed(objection);
    if (start === undefined || chunk === undefined) return failed('stream without a narrative');
    const reported = last.event.metadata?.latencyMs;
    return {
      failure: null,
      values: {
        latencyMs: last.atMs - start.atMs,
        firstChunkMs: chunk.atMs,
        firstByteMs,
        totalMs: durationMs,
        ...(reported === undefined ? {} : { reportedLatencyMs: reported }),
      },
    };
  } catch (error) {
    return failed(`invalid answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type AnyAnswer = {
  requestId: string;
  metadata?: { latencyMs?: number | undefined } | null | undefined;
};

function judgeBody<T extends AnyAnswer>(
  exchange: TimedExchange,
  schema: z.ZodType<T>,
  asked: Asked,
  objection: (answer: T) => string | null,
): Outcome {
  const failure = transportFailure(exchange);
  const { durationMs, firstByteMs } = exchange;
  if (failure !== null || durationMs === null || firstByteMs === null) return failed(failure);
  const result = schema.safeParse(parseJson(exchange.body));
  if (!result.success) {
    return failed(`invalid answer: ${formatPath(result.error.issues[0]?.path ?? [])}`);
  }
  const answer = result.data;
  const found = idObjection(answer, asked) ?? objection(answer);
  if (found !== null) return failed(found);
  const reported = answer.metadata?.latencyMs;
  return {
    failure: null,
    values: {
      latencyMs: durationMs,
      firstByteMs,
      ...(reported === undefined ? {} : { reportedLatencyMs: reported }),
    },
  };
}

function idObjection(answer: { requestId: string }, { requestId }: Asked): string | null {
  return answer.requestId === requestId ? null : 'answer to another request';
}

function chatObjection(answer: z.infer<typeof chatAnswer>, { tenant }: Asked): string | null {
  // A refusal costs one call of the model instead of two: counted as an answer it would make a service look faster.
  if (answer.metadata?.refused === true) return 'refused to answer';
  const table = `tenant-${tenant}-metrics`;
  const foreign = answer.dataReferences.some((reference) => reference.source.table !== table);
  return foreign ? 'figures of another tenant' : null;
}

function transportFailure({ failure, status }: TimedExchange): string | null {
  if (failure !== null) return failure;
  return status === 200 ? null : `status ${status}`;
}

function failed(reason: string | null): Outcome {
  return { failure: reason ?? 'incomplete answer', values: {} };
}
