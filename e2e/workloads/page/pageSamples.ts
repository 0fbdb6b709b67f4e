import type { ValueName } from '../../core/record/measurementLine.ts';
import { isListed } from '../../probes/chromium.ts';
import type { LighthouseFlow } from '../../probes/lighthouse/audit.ts';
import type { LighthouseRun } from '../../probes/lighthouse/readRun.ts';
import type { PageVitals } from '../../probes/page/collectVitals.ts';
import type { RequestTiming } from '../../probes/page/requestTiming.ts';
import type { AnswerTiming } from '../../probes/page/watchAnswer.ts';
import type { MainThreadHolds } from '../../probes/page/watchLongTasks.ts';
import type { SampleOf } from '../iterations.ts';

/** What was observed of a first visit: opening the page, a sign-in, a question and its answer. */
export type SeenVisit = {
  sentAtMs: number;
  vitals: PageVitals;
  /** Its inputs begin with the click on the sign-in. */
  timing: AnswerTiming;
  /** Since the question. */
  holds: MainThreadHolds;
  requests: RequestTiming[];
};

/** A visit that did not load something, or whose answer failed, has failed. */
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
        inpMs: vitals.labInp === null ? null : vitals.labInp.valueMs,
        insightMs: computeInsightMs(timing),
        missedFramesPercent: computeMissedPercent(holds.frames),
      }),
    },
    // Streaming and connections are judged by questions on a warm page.
    checks: {},
    objection: null,
  };
}

/**
 * Time to first insight, by the page's own clock: from the click on the sign-in to the first key of the question, and from the click on
 * "Ask" to the frame with the whole answer. The time between is typing, which is the person's.
 */
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

/** Requests whose answers carry a request id or, where a gateway removes it, those that scripts posted. */
function selectApiRequests(asked: RequestTiming[]): RequestTiming[] {
  const withId = asked.filter(({ requestId }) => requestId !== null);
  if (withId.length > 0) return withId;
  return asked.filter(
    ({ method, resourceType }) => method === 'POST' && SCRIPTED.includes(resourceType),
  );
}

/** An answer on the page as a sample. */
export function createAnswerSample({
  sentAtMs,
  timing,
  holds,
  requests,
}: Omit<SeenVisit, 'vitals'>): Omit<SampleOf<'iteration'>, 'tenant'> {
  const { outcome, submittedAtMs, submitToFirstChunkMs, submitToCompleteMs, paintedAtMs } = timing;
  const { longestGapMs } = timing;
  const asked = requests.filter(({ startAtMs }) => startAtMs >= (submittedAtMs ?? sentAtMs));
  const ofApi = selectApiRequests(asked);
  const [request] = ofApi;
  const isStreamed = paintedAtMs.length >= FEWEST_PIECES;
  const isConnected = ofApi.every(({ phases }) => phases.connectMs === null);
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
      latencyMs: submitToCompleteMs,
      firstChunkMs: submitToFirstChunkMs,
      longestGapMs,
      blockedMs: holds.totalBlockingMs,
      requests: asked.length,
    }),
    checks: {
      streaming: isStreamed,
      // A question that reached no API says nothing of connections.
      ...(ofApi.length === 0 ? {} : { connection: isConnected }),
    },
    objection: isStreamed
      ? isConnected
        ? null
        : 'opened a connection'
      : `shown in ${paintedAtMs.length} pieces`,
  };
}

const OF_100 = 100;

/**
 * A flow of Lighthouse as a sample. Blocking time and layout shift are those of the worse of its two parts. The largest paint is the one
 * that Lighthouse computes for its phone: the observed one is that of this machine.
 */
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
  return score === undefined ? null : score * OF_100;
}

/** Values for the record, without what was not observed and without what cannot be: a time or an amount below zero. */
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

/** Vitals of a visit without an interaction. */
export function readVitals(vitals: PageVitals): SampleOf<'visit'>['values'] {
  const { ttfbMs, fcpMs, lcp, cls } = vitals;
  const lcpMs = lcp === null ? null : lcp.valueMs;
  return keepObserved({ ttfbMs, fcpMs, lcpMs, layoutShift: cls === null ? null : cls.score });
}

/** What of a visit did not arrive, in a few words; null where all did. What a visit lacked is not what it is to be judged by. */
export function describeBroken(requests: RequestTiming[]): string | null {
  const broken = requests.filter(
    ({ end, status }) => end === 'failed' || end === 'unfinished' || (status ?? 0) >= 400,
  );
  return describeNotLoaded(broken.map(({ url }) => url));
}

/** As `describeBroken`, of URLs that were not loaded. */
export function describeNotLoaded(urls: string[]): string | null {
  const blocked = new Set(urls.filter((url) => !isListed(url)).map((url) => new URL(url).host));
  // The budget's word against the page's need for it.
  if (blocked.size > 0)
    return `not loaded, since "pageHosts" does not list ${[...blocked].join(', ')}`;
  return urls.length === 0 ? null : `not loaded: ${listPaths(urls.map((url) => ({ url })))}`;
}

/** Paths of the first few. */
export function listPaths(assets: { url: string }[]): string {
  const names = assets.map(({ url }) => new URL(url).pathname);
  return names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
}
