import type { ValueName } from '../../core/record/measurementLine.ts';
import { isListed } from '../../probes/chromium.ts';
import type { LighthouseFlow } from '../../probes/lighthouse/audit.ts';
import type { LighthouseRun } from '../../probes/lighthouse/readRun.ts';
import type { PageVitals } from '../../probes/page/collectVitals.ts';
import type { RequestTiming } from '../../probes/page/requestTiming.ts';
import type { AnswerTiming } from '../../probes/page/watchAnswer.ts';
import type { MainThreadHolds } from '../../probes/page/watchLongTasks.ts';
import type { SampleOf } from '../iterations.ts';

/** What was observed on a first visit: opening the page, a sign-in, a question and its answer. */
export type SeenVisit = {
  sentAtMs: number;
  vitals: PageVitals;
  /** Its inputs begin with the click on the sign-in. */
  timing: AnswerTiming;
  /** Since the question. */
  holds: MainThreadHolds;
  requests: RequestTiming[];
};

/** Makes a sample of a visit, which has failed if the page did not load all of its parts or the answer failed. */
export function createVisitSample({ vitals, ...seen }: SeenVisit): SampleOf<'visit'> {
  const { sentAtMs, timing, holds, requests } = seen;
  const answer = createAnswerSample(seen);
  const { requestId, phases } = answer;
  return {
    type: 'visit',
    ...(requestId === null ? {} : { requestId }),
    ...(phases === undefined ? {} : { phases }),
    sentAtMs,
    failure: describeBroken(requests) ?? answer.failure,
    values: {
      ...answer.values,
      ...readVitals(vitals),
      ...keepObserved({
        inpMs: vitals.labInp?.valueMs ?? null,
        insightMs: computeInsightMs(timing),
        missedFramesPercent: computeMissedPercent(holds.frames),
      }),
    },
    // Streaming and connections are judged on a warm page, by `pageAnswers`.
    checks: {},
    objection: null,
  };
}

/** Time to first insight: from the sign-in to the first key, and from "Ask" to the whole answer. The typing between does not count. */
function computeInsightMs({ inputs, submitToCompleteMs }: AnswerTiming): number | null {
  const [signIn] = inputs;
  const firstKey = inputs.find(({ kind }) => kind === 'key');
  if (signIn?.kind !== 'click' || firstKey === undefined) return null;
  return submitToCompleteMs === null ? null : firstKey.atMs - signIn.atMs + submitToCompleteMs;
}

function computeMissedPercent(frames: MainThreadHolds['frames']): number | null {
  if (frames === null || frames.shown === 0) return null;
  return (100 * frames.missed) / (frames.shown + frames.missed);
}

/** An answer painted in fewer pieces did not stream. */
const FEWEST_PIECES = 3;
/** Resource types of requests from scripts, as Chromium names them. */
const SCRIPTED = ['Fetch', 'XHR'];

/** Requests whose answers have a request id or, if a gateway removes the ids, those that scripts posted. */
function selectApiRequests(requests: RequestTiming[]): RequestTiming[] {
  const withId = requests.filter(({ requestId }) => requestId !== null);
  if (withId.length > 0) return withId;
  return requests.filter(
    ({ method, resourceType }) => method === 'POST' && SCRIPTED.includes(resourceType),
  );
}

export function createAnswerSample({
  sentAtMs,
  timing,
  holds,
  requests,
}: Omit<SeenVisit, 'vitals'>): Omit<SampleOf<'iteration'>, 'tenant'> {
  const { outcome, submittedAtMs, paintedAtMs } = timing;
  const asked = requests.filter(({ startAtMs }) => startAtMs >= (submittedAtMs ?? sentAtMs));
  const apiRequests = selectApiRequests(asked);
  const [request] = apiRequests;
  const isStreamed = paintedAtMs.length >= FEWEST_PIECES;
  const isConnected = apiRequests.every(({ phases }) => phases.connectMs === null);
  const streamingObjection = isStreamed ? null : `shown in ${paintedAtMs.length} pieces`;
  return {
    type: 'iteration',
    fault: null,
    sentAtMs: submittedAtMs ?? sentAtMs,
    failure: outcome === 'complete' ? null : `answer ${outcome}`,
    requestId: request?.requestId ?? null,
    ...(request === undefined
      ? {}
      : { phases: { startedAtMs: request.startAtMs, ...request.phases } }),
    values: keepObserved({
      latencyMs: timing.submitToCompleteMs,
      firstChunkMs: timing.submitToFirstChunkMs,
      longestGapMs: timing.longestGapMs,
      blockedMs: holds.totalBlockingMs,
      requests: asked.length,
    }),
    checks: {
      streaming: isStreamed,
      // A question that did not reach the API says nothing about connections.
      ...(apiRequests.length === 0 ? {} : { connection: isConnected }),
    },
    objection: streamingObjection ?? (isConnected ? null : 'opened a connection'),
  };
}

/** Blocking time and layout shift are of the worse of two parts; the largest paint is Lighthouse's computed one, not that of this machine. */
export function createFlowSample(
  { navigation, timespan }: LighthouseFlow,
  { sentAtMs, tenant }: { sentAtMs: number; tenant: string },
): SampleOf<'audit'> {
  const { scores, lcpMs, cls, tbtMs } = navigation;
  const values = keepObserved({
    lcpMs,
    layoutShift: Math.max(cls, timespan.cls),
    tbtMs: Math.max(tbtMs, timespan.tbtMs),
    inpMs: timespan.inpMs,
    scorePoints: readPoints(scores, 'performance'),
    accessibilityPoints: readPoints(scores, 'accessibility'),
    bestPracticesPoints: readPoints(scores, 'best-practices'),
  });
  return { type: 'audit', sentAtMs, tenant, failure: null, values };
}

export function readPoints(
  scores: LighthouseRun['scores'],
  category: keyof LighthouseRun['scores'],
): number | null {
  const score = scores[category];
  return score === undefined ? null : score * 100;
}

/** Values for the record, without those that were not observed or cannot be true: a time or an amount below zero. */
function keepObserved<Name extends ValueName>(
  values: Record<Name, number | null>,
): Partial<Record<Name, number>> {
  const observed: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(values) as Name[]) {
    const value = values[name];
    if (value !== null && value >= 0) observed[name] = value;
  }
  return observed;
}

/** Vitals of a visit that take no interaction. */
export function readVitals({ ttfbMs, fcpMs, lcp, cls }: PageVitals): SampleOf<'visit'>['values'] {
  return keepObserved({
    ttfbMs,
    fcpMs,
    lcpMs: lcp?.valueMs ?? null,
    layoutShift: cls?.score ?? null,
  });
}

/** Which requests of a visit failed, in a few words; null if none did. */
export function describeBroken(requests: RequestTiming[]): string | null {
  const broken = requests.filter(
    ({ end, status }) => end === 'failed' || end === 'unfinished' || (status ?? 0) >= 400,
  );
  return describeNotLoaded(broken.map(({ url }) => url));
}

/** Which URLs were not loaded, in a few words; null if there are none. */
export function describeNotLoaded(urls: string[]): string | null {
  const blocked = new Set(urls.filter((url) => !isListed(url)).map((url) => new URL(url).host));
  // The cause is the budget, not the page.
  if (blocked.size > 0)
    return `not loaded, since "pageHosts" does not list ${[...blocked].join(', ')}`;
  return urls.length === 0 ? null : `not loaded: ${listPaths(urls)}`;
}

/** The paths of the first three URLs, and how many more there are. */
export function listPaths(urls: string[]): string {
  const paths = urls.map((url) => new URL(url).pathname);
  return paths.slice(0, 3).join(', ') + (paths.length > 3 ? ` and ${paths.length - 3} more` : '');
}
