import { percent } from '../core/budget/objective.ts';
import { shortText } from '../core/shortText.ts';
import type { Summary } from '../core/verdict/runSummary.ts';

export type Load = Summary['loads'][number];
export type LoadResult = Load['result'];

const BYTES_PER_MB = 1_000_000;
/** Enough to tell one failure from another. */
const MOST_CHARACTERS = 80;

export function count(n: number): string {
  return n.toLocaleString('en-US');
}

export function milliseconds(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? 'unknown' : `${ms.toFixed(1)} ms`;
}

/** `59.9/s` */
export function perSecond(rate: number | null): string {
  return rate === null ? 'unknown' : `${rate.toFixed(1)}/s`;
}

export function cpu(share: number | null | undefined): string {
  return share === null || share === undefined ? 'unknown' : percent(share, 3);
}

export function megabytes(bytes: number | null): string {
  return bytes === null ? 'unknown' : `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}

/** The workload model in a few words, with what follows from it for the rate. */
export function describeModel({ step: { model, ratePerSecond } }: LoadResult): string {
  switch (model) {
    case 'open':
      return `open workload model, ${ratePerSecond === null ? 'at a changing rate' : `${Number(ratePerSecond.toPrecision(3))}/s`}`;
    case 'closed':
      return 'closed workload model, whose rate follows the answers';
    case 'step':
      return 'open workload model, in steps of a search for the knee';
  }
}

/** `12 failed, 2 of them never sent: 10 × status 500, 2 × …`; what a target said is cut. */
export function describeFailures({
  failed,
  neverSent,
  failures,
  otherFailures,
}: LoadResult): string {
  if (failed === 0) return 'none failed';
  const kinds = [
    ...failures.map(({ failure, n }) => `${count(n)} × ${shortText(failure, MOST_CHARACTERS)}`),
    ...(otherFailures === 0 ? [] : [`${count(otherFailures)} others`]),
  ];
  const unsent = neverSent === 0 ? '' : `, ${count(neverSent)} of them never sent`;
  return `${count(failed)} failed${unsent}: ${kinds.join(', ')}`;
}

function counted(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? '' : 's'}`;
}

/** What came of the checks of each answer, and how many connections it took. */
export function describeChecks({ isolation, connections }: LoadResult): string {
  const { checked, foreign } = isolation;
  const owners =
    checked === 0
      ? 'no answer checked for its tenant'
      : `${counted(checked, 'answer')} checked for their tenant, ${foreign === 0 ? 'none' : count(foreign)} foreign`;
  const opened =
    connections === null
      ? 'connections unknown'
      : `${counted(connections.opened, 'connection')} opened for ${counted(connections.n, 'request')}`;
  return `${owners}; ${opened}`;
}
