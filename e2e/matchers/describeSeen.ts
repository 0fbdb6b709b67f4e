import { metricOf } from '../core/budget/metrics.ts';
import type { Objective } from '../core/budget/objective.ts';
import type { Event } from '../core/record/event.ts';
import type { ModelCallLine, RequestLine } from '../core/record/recordLine.ts';
import { shortText } from '../core/shortText.ts';
import { formatValue } from '../core/verdict/formatValue.ts';
import { describeCalls, describeHaste } from './describeCalls.ts';

/** Enough to know an answer by. */
const MOST_CHARACTERS = 160;

/** What was seen of one event, in words: its value, what a check objected to, what its calls of the model came to, or why it failed. */
export function describeSeen(
  { metric, unit }: Objective,
  { value }: Event,
  request: RequestLine | undefined,
  calls: ModelCallLine[],
): string {
  if (value !== null) {
    const told = metricOf(metric).kind === 'most' ? describeOutcome(request) : null;
    return [formatValue(value, unit), ...(told === null ? [] : [told])].join(', ');
  }
  if (request === undefined) return 'bad';
  if (metric === 'metadata') return describeReported(request);
  const ofCalls = metric === 'retryAfter' ? describeHaste(calls) : describeCalls(calls);
  const seen = SEEN_IN_CALLS.has(metric) ? ofCalls : null;
  return [seen, describeOutcome(request)].filter((part) => part !== null).join('; ') || 'bad';
}

/** What these are bad for shows in the calls of the model, and not in the answer. */
const SEEN_IN_CALLS = new Set<Objective['metric']>([
  'released',
  'workStops',
  'retried',
  'retryAfter',
]);

function describeOutcome(request: RequestLine | undefined): string | null {
  const told = request?.objection ?? request?.failure ?? null;
  return told === null ? null : shortText(told, MOST_CHARACTERS);
}

function describeReported({ values }: RequestLine): string {
  const { latencyMs, totalMs, reportedLatencyMs } = values;
  const inMs = (ms: number | undefined) => (ms === undefined ? 'nothing' : formatValue(ms, 'ms'));
  return `reported ${inMs(reportedLatencyMs)}, measured ${inMs(totalMs ?? latencyMs)}`;
}
