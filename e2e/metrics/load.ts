import { z } from 'zod';
import { FEWEST_IN_WINDOW } from '../core/budget/loadSchema.ts';
import { type Event, type EventSeries, isBad } from '../core/record/event.ts';
import { describeLoadInterference, mostLateMs } from '../core/record/loadInterference.ts';
import type { LoadRequest } from '../core/record/loadLine.ts';
import { responseMs } from '../core/record/loadTable.ts';
import { isTooDisturbed } from '../core/record/setAside.ts';
import { quantile, sortSample } from '../core/statistics/quantile.ts';
import { UNDER_LOAD_ALONE } from './derivation.ts';
import { LATENCY_METRICS } from './latency.ts';
import { countSetAside, eachLoadRequest, type LoadGiven, type LoadReading } from './loadEvents.ts';
import { GROWTH, MAX_TIME, type MetricEntry } from './shapes.ts';

export const LOAD_METRICS = {
  /** For how long nothing was answered while requests were under way. */
  stall: {
    ...MAX_TIME,
    countsUnderLoad: 'second',
    derive: UNDER_LOAD_ALONE,
    deriveLoad: deriveSilences,
    valueName: 'longest time without an answer, of each second',
    describeBad: ({ objective, unit }) => `had no answer for more than ${objective} ${unit}`,
    advice:
      'Look for what stops the whole process for a while: a long garbage collection, synchronous work, a lock, a periodic job.',
  },

  latencyGrowth: {
    ...GROWTH,
    unit: 'ms/1,000 requests',
    key: 'atMostMsPer1000Requests',
    limit: z
      .number()
      .positive()
      .describe('The median may grow by this much, in ms, with each thousand requests'),
    isTimed: true,
    countsUnderLoad: 'window',
    derive: UNDER_LOAD_ALONE,
    deriveLoad: deriveWindowMedians,
    advice:
      'Look for what grows with every request: a list that is searched, a table without an index, a queue that never empties.',
  },

  rate: {
    kind: 'capacity',
    chart: 'rates',
    unit: 'requests/s',
    key: 'aboveRate',
    limit: z.number().positive().describe('Requests per second that must be kept up, and more'),
    statistics: [''],
    countsUnderLoad: 'step',
    derive: UNDER_LOAD_ALONE,
    readLoad: readKeptRate,
    deriveLoad: deriveSteps,
    describeBad: ({ keptBelowMs }) => `failed or took ${keptBelowMs} ms or longer`,
    advice:
      'See in the table of the load which process ran out of CPU at the knee, and whether own time grew with the rate. If neither did, requests waited for a scarce resource, such as connections or a lock.',
  },
} satisfies Record<string, MetricEntry>;

/** For each second of a load, the longest time without an answer that ended in it. */
function deriveSilences(given: LoadGiven): EventSeries {
  const { objective, table, isSetAside } = given;
  const { failed, firstFailure, missing } = eachLoadRequest(
    { ...given, isSetAside: null },
    ({ failure }) => (failure === null ? null : { value: null, bad: true }),
  );
  const seconds = table.silences.map(({ second, atMs, silentMs }) => ({
    id: `${table.workload}, second ${second + 1}`,
    atMs: atMs - silentMs,
    untilMs: atMs,
    value: silentMs,
    bad: isBad(silentMs, objective),
    requestId: null,
    tenant: null,
  }));
  const events = seconds.filter((event) => isKept(event, isSetAside));
  return {
    events,
    failed,
    missing,
    ...(firstFailure === undefined ? {} : { firstFailure }),
    ...countSetAside(seconds.length - events.length),
  };
}

/**
 * The median latency of windows of equally many requests; the sample budget says how many windows. A load that was cut short has fewer
 * windows, not shorter ones. The median of a window leaves out its events that are set aside.
 */
function deriveWindowMedians(given: LoadGiven): EventSeries {
  const { objective, isSetAside } = given;
  const { latency } = LATENCY_METRICS;
  const { events, ...seen } = eachLoadRequest({ ...given, isSetAside: null }, latency.readLoad);
  const perWindow = objective.windowSize ?? Math.floor(events.length / objective.sampleBudget);
  if (perWindow < FEWEST_IN_WINDOW) {
    return { ...seen, events: [], missing: seen.missing + events.length };
  }
  const windows: Event[] = [];
  let window: Event[] = [];
  for (const event of events) {
    window.push(event);
    if (window.length < perWindow) continue;
    const kept = window.filter((one) => isKept(one, isSetAside));
    // A window that lost more than half of its events is set aside whole.
    const hasMedian = kept.length >= perWindow / 2;
    if (windows.length < objective.sampleBudget && hasMedian) windows.push(toMedianEvent(kept));
    window = [];
  }
  const whole = Math.min(objective.sampleBudget, Math.floor(events.length / perWindow));
  return {
    ...seen,
    events: windows,
    iterationsBetween: perWindow / 1000,
    ...countSetAside(whole - windows.length),
  };
}

function isKept(
  { atMs: fromMs, untilMs = fromMs, value }: Event,
  isSetAside: LoadGiven['isSetAside'],
): boolean {
  return !isSetAside?.({ fromMs, lateMs: 0, untilMs, value, isTimedByHarness: true });
}

function toMedianEvent(window: readonly Event[]): Event {
  const { id, atMs, bad, requestId, tenant } = window[0] as Event;
  const value = quantile(sortSample(window.map((event) => event.value ?? Number.NaN)), 0.5);
  return { id, atMs, bad, value, requestId, tenant };
}

/** The rate was not kept up for a request that failed, was never sent, or took too long from its intended start. */
function readKeptRate(request: LoadRequest): LoadReading {
  if (request.failure !== null) return { value: null, bad: true };
  const value = responseMs(request);
  return value === null ? 'missing' : { value };
}

function deriveSteps(given: LoadGiven): EventSeries {
  const { objective, table, processes } = given;
  const steps = table.steps().flatMap(({ step: { ratePerSecond }, table: requests }) => {
    if (ratePerSecond === null) return [];
    const { events, setAside } = eachLoadRequest({ ...given, table: requests }, readKeptRate);
    const atRate = processes.filter((line) => line.ratePerSecond === ratePerSecond);
    const interference =
      describeLoadInterference(requests, atRate, mostLateMs(objective)) ??
      (isTooDisturbed(setAside?.n ?? 0, events.length)
        ? `${setAside?.n} of its requests were set aside: the harness stalled or sent them late`
        : null);
    return events.length === 0 ? [] : [{ ratePerSecond, events, interference }];
  });
  return { ...eachLoadRequest(given, readKeptRate), steps };
}
