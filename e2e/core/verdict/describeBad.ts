import type { MetricName } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import { formatValue } from './formatValue.ts';

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
