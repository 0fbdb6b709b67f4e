import type { Objective } from '../core/budget/objective.ts';
import { endOf } from '../core/record/derivations/attempts.ts';
import type { EventSeries } from '../core/record/event.ts';
import type { ModelCallLine, RequestLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { formatValue } from '../core/verdict/formatValue.ts';
import type { Waterfall, WaterfallRow } from '../report/charts/waterfallChart.ts';
import { describeEnd } from './describeCalls.ts';
import { phaseSegments } from './phaseSegments.ts';
import { greatestFirst } from './worstMeasurements.ts';

/** The request that says most against an objective, with the calls of the model that it caused, in the order of arrival. */
export type SlowestRequest = { request: RequestLine; totalMs: number; calls: ModelCallLine[] };

/** Null where the objective is not about time, or nothing tells how long a request took. */
export function slowestRequest(
  objective: Objective,
  { events }: EventSeries,
  { requests, modelCalls }: RunRecord,
): SlowestRequest | null {
  if (objective.unit !== 'ms') return null;
  const [worst] = greatestFirst(events);
  const request = requests.find(({ id }) => id === worst?.id);
  const { totalMs, latencyMs, endedMs } = request?.values ?? {};
  const wholeMs = totalMs ?? latencyMs ?? endedMs;
  if (request === undefined || wholeMs === undefined) return null;
  const calls = modelCalls
    .filter(({ scope, index }) => scope === request.scope && index === request.index)
    .sort((a, b) => a.arrivedAtMs - b.arrivedAtMs);
  return { request, totalMs: wholeMs, calls };
}

/** Whole request, its phases where a page sent it, and each call of the model below. */
export function waterfallOf({ request, totalMs, calls }: SlowestRequest): Waterfall {
  const { operation, requestId, id, sentAtMs } = request;
  return {
    title: `${operation}, ${requestId === null ? `measurement ${id}` : `request ${requestId}`}`,
    totalMs: Math.max(totalMs, ...calls.map((call) => endOf(call) - sentAtMs)),
    rows: [wholeRow(request, totalMs), ...phaseRows(request), ...callRows(calls, sentAtMs)],
  };
}

function wholeRow({ via, values }: RequestLine, totalMs: number): WaterfallRow {
  const firstMs = values.firstChunkMs ?? values.firstByteMs;
  const names =
    via === 'page' ? ['until the first words', 'until the last'] : ['until the first byte', 'rest'];
  const whole = { fromMs: 0, toMs: totalMs };
  const segments =
    firstMs === undefined || firstMs >= totalMs
      ? [{ name: 'whole answer', ...whole }]
      : [
          { name: names[0] as string, fromMs: 0, toMs: firstMs },
          { name: names[1] as string, fromMs: firstMs, toMs: totalMs },
        ];
  return { label: via === 'page' ? 'answer on the page' : 'request', segments };
}

function phaseRows({ phases, sentAtMs }: RequestLine): WaterfallRow[] {
  if (phases === undefined) return [];
  const segments = phaseSegments(phases, Math.max(0, phases.startedAtMs - sentAtMs));
  return segments.length === 0 ? [] : [{ label: 'request to the API', segments }];
}

function callRows(calls: ModelCallLine[], sentAtMs: number): WaterfallRow[] {
  return calls.map((call) => {
    const fromMs = Math.max(0, call.arrivedAtMs - sentAtMs);
    return {
      label: `model: ${call.kind}, attempt ${call.attempt}`,
      segments: [{ name: 'call of the model', fromMs, toMs: fromMs + call.endedMs }],
      note: describeEnd(call),
    };
  });
}

/** Where the time of the slowest request went, in a sentence; null where no call of the model was seen to divide it by. */
export function describeSlowest({ request, totalMs, calls }: SlowestRequest): string | null {
  if (calls.length === 0) return null;
  const modelMs = coveredMs(
    calls.map((call) => [call.arrivedAtMs, endOf(call)]),
    [request.sentAtMs, request.sentAtMs + totalMs],
  );
  const [whole, model, rest] = [totalMs, modelMs, totalMs - modelMs].map((ms) =>
    formatValue(ms, 'ms'),
  );
  const ofModel =
    calls.length === 1 ? 'its call of the model' : `its ${calls.length} calls of the model`;
  return modelMs > totalMs / 2
    ? `Of the ${whole} of the slowest, ${model} are ${ofModel}.`
    : `Of the ${whole} of the slowest, ${rest} are not the model's (${model} are ${ofModel}).`;
}

/** How much of a time is covered by some intervals, which may overlap. */
function coveredMs(
  intervals: [fromMs: number, toMs: number][],
  [startMs, endMs]: [number, number],
): number {
  let covered = 0;
  let atMs = startMs;
  for (const [fromMs, toMs] of intervals.toSorted((a, b) => a[0] - b[0])) {
    const from = Math.max(fromMs, atMs);
    const to = Math.min(toMs, endMs);
    if (to <= from) continue;
    covered += to - from;
    atMs = to;
  }
  return covered;
}
