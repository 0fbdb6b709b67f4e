import type { MetricName } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from '../record/event.ts';
import type { RunRecord } from '../record/runRecord.ts';
import { shortText } from '../terminalText.ts';
import { formatCount, formatValue } from './format.ts';
import type { Judgement } from './judgement.ts';

/** Enough to tell one failure from another. */
const MOST_CHARACTERS = 120;

/** Why there is nothing to judge: `no data: 20 requests failed (the first: status 500)`. */
export function reasonForNoData(
  { failed, firstFailure, missing, whyMissing }: EventSeries,
  what: 'requests' | 'uses' = 'requests',
): string {
  const first =
    firstFailure === undefined ? '' : ` (the first: ${shortText(firstFailure, MOST_CHARACTERS)})`;
  const why = [
    failed > 0 ? `${countOf(failed, what)} failed${first}` : '',
    missing > 0 ? lacking({ missing, whyMissing }, what) : '',
  ].filter((part) => part !== '');
  return `no data: ${why.length === 0 ? 'nothing was measured' : why.join(', ')}`;
}

/** Of so many, what the metric takes was not recorded, or cannot have been measured. */
export function lacking(
  { missing, whyMissing }: { missing: number; whyMissing?: string | undefined },
  what: 'requests' | 'uses' = 'requests',
): string {
  const said =
    missing === 1
      ? `${countOf(missing, what)} lacks what it takes to judge it`
      : `${countOf(missing, what)} lack what it takes to judge them`;
  if (whyMissing === undefined) return said;
  return `${said} (${missing === 1 ? '' : 'the first: '}${shortText(whyMissing, MOST_CHARACTERS)})`;
}

function countOf(count: number, what: 'requests' | 'uses'): string {
  return count === 1 ? `1 ${what.slice(0, -1)}` : `${formatCount(count)} ${what}`;
}

type Words = (objective: Objective) => string;

const took: Words = ({ objective, unit }) => `took ${objective} ${unit} or longer`;

const reached: Words = ({ objective, unit }) => `came to ${formatValue(objective, unit)} or more`;
const fellTo: Words = ({ objective, unit }) => `came to ${objective} ${unit} or less`;
const exceeded: Words = ({ objective, unit }) => `took more than ${formatValue(objective, unit)}`;

const BAD: Record<MetricName, Words> = {
  latency: took,
  firstChunk: ({ objective, unit }) => `showed nothing for ${objective} ${unit} or longer`,
  ownTime: ({ objective, unit }) => `took ${objective} ${unit} or longer of their own`,
  metadata: () => 'reported a latency that the measured one contradicts, or none',
  availability: () => 'failed',
  modelCalls: ({ objective, unit }) => `took more than ${objective} ${unit}`,
  isolation: () => 'were given what belongs to another tenant or request',
  fairness: ({ objective, unit }) =>
    `took ${objective} ${unit} or longer more than the busiest tenant's`,
  answered: () => 'were not answered',
  timeout: ({ objective, unit }) => `left the model hanging for more than ${objective} ${unit}`,
  refusal: ({ objective, unit }) => `took more than ${objective} ${unit} to be refused`,
  released: () => 'left a call of the model open',
  page: () => 'showed nothing of the failure',
  workStops: () => 'went on after the caller had left',
  retried: () => 'were not tried again',
  attempts: ({ objective }) => `made more than ${objective} attempts at one call`,
  attemptRate: ({ objective }) => `made more than ${objective} calls within a second`,
  gapGrowth: ({ objective, unit }) => `let their waits grow by ${objective} ${unit} or less`,
  jitter: ({ objective, unit }) => `waited as long as another to ${objective} ${unit} or less`,
  retryAfter: () => 'came back sooner than the model had asked',
  recovery: ({ objective, unit }) => `took more than ${objective} ${unit} to recover`,
  contract: () => 'reported a failure in another form than the contract has',
  secrecy: () => 'gave away what the caller has no business with',
  soundness: () => 'passed on what the model got wrong',
  blocking: ({ objective, unit }) => `blocked the page for ${objective} ${unit} or longer`,
  chunkGap: ({ objective, unit }) => `paused for ${objective} ${unit} or longer`,
  missedFrames: ({ objective, unit }) => `missed ${objective} ${unit} of the frames or more`,
  insight: took,
  streaming: () => 'were shown all at once, at their end',
  requests: exceeded,
  connection: () => 'had to open a connection first',
  weight: exceeded,
  caching: () => 'fetched again what could have been kept',
  ttfb: reached,
  fcp: reached,
  lcp: reached,
  tbt: reached,
  inp: reached,
  cls: reached,
  unusedBytes: reached,
  totalBytes: reached,
  score: fellTo,
  accessibility: fellTo,
  bestPractices: fellTo,
  footprint: exceeded,
  growth: exceeded,
  nodeGrowth: exceeded,
  listenerGrowth: exceeded,
  documentGrowth: exceeded,
  serviceTime: took,
  stall: ({ objective, unit }) => `had no answer for more than ${objective} ${unit}`,
  latencyGrowth: exceeded,
  rate: ({ keptBelowMs }) => `failed or took ${keptBelowMs} ms or longer`,
};

/** What made an event a bad one, as the end of a sentence: "3 of 72 took 2000 ms or longer". */
export function describeBad(objective: Objective): string {
  return BAD[objective.metric](objective);
}

/** An objection, with status, keys and the beginning of the answer. */
const MAX_OBJECTION_CHARACTERS = 400;

/** What these are missed by stands in what was answered. */
const SEEN_IN_ANSWERS: readonly MetricName[] = [
  'isolation',
  'contract',
  'secrecy',
  'soundness',
  'availability',
  'answered',
];

/** Adds to the reason what came in the first bad answer: that something was wrong with it helps nobody to find out what. */
export function showFirstObjection(
  judgement: Judgement,
  { events }: EventSeries,
  { requests }: Pick<RunRecord, 'requests'>,
): Judgement {
  const isSeen = SEEN_IN_ANSWERS.some((metric) => metric === judgement.metric);
  if (!isSeen || judgement.verdict === 'pass' || judgement.bad === 0) return judgement;
  const byId = new Map(requests.map((request) => [request.id, request]));
  for (const { bad, id } of events) {
    const objection = bad ? (byId.get(id)?.objection ?? null) : null;
    if (objection === null) continue;
    const first = shortText(objection, MAX_OBJECTION_CHARACTERS);
    return { ...judgement, reason: `${judgement.reason}; the first: ${first}` };
  }
  return judgement;
}
