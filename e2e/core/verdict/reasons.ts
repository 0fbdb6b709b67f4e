import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from '../record/event.ts';
import type { RunRecord } from '../record/runRecord.ts';
import { shortText } from '../terminalText.ts';
import { formatCount } from './format.ts';
import type { Judgement } from './judgement.ts';

/** Enough to tell one failure from another. */
const MOST_CHARACTERS = 120;

/** Why there is nothing to judge: `no data: 20 requests failed (the first: status 500)`. */
export function describeNoData(series: EventSeries, what: 'requests' | 'uses'): string {
  const { failed, firstFailure, missing } = series;
  const first =
    firstFailure === undefined ? '' : ` (the first: ${shortText(firstFailure, MOST_CHARACTERS)})`;
  const why = [
    failed > 0 ? `${formatCounted(failed, what)} failed${first}` : '',
    missing > 0 ? describeMissing(series, what) : '',
  ].filter((part) => part !== '');
  return `no data: ${why.length === 0 ? 'nothing was measured' : why.join(', ')}`;
}

/** How many requests or uses lack what the metric takes. */
export function describeMissing(
  { missing, whyMissing }: Pick<EventSeries, 'missing' | 'whyMissing'>,
  what: 'requests' | 'uses',
): string {
  const lack =
    missing === 1
      ? `${formatCounted(missing, what)} lacks what it takes to judge it`
      : `${formatCounted(missing, what)} lack what it takes to judge them`;
  if (whyMissing === undefined) return lack;
  return `${lack} (${missing === 1 ? '' : 'the first: '}${shortText(whyMissing, MOST_CHARACTERS)})`;
}

function formatCounted(count: number, what: 'requests' | 'uses'): string {
  return count === 1 ? `1 ${what.slice(0, -1)}` : `${formatCount(count)} ${what}`;
}

/** An objection, with status, keys and the beginning of the answer. */
const MAX_OBJECTION_CHARACTERS = 400;

export function showFirstObjection(
  judgement: Judgement,
  { metric }: Objective,
  { events }: EventSeries,
  { requests, samples }: Pick<RunRecord, 'requests' | 'samples'>,
): Judgement {
  if (metric.shownIn !== 'answer' || judgement.verdict === 'pass' || judgement.bad === 0)
    return judgement;
  const lines = [...requests, ...samples.filter((line) => 'objection' in line)];
  const byId = new Map(lines.map((line) => [line.id, line]));
  for (const { bad, id } of events) {
    const objection = bad ? (byId.get(id)?.objection ?? null) : null;
    if (objection === null) continue;
    const first = shortText(objection, MAX_OBJECTION_CHARACTERS);
    return { ...judgement, reason: `${judgement.reason}; the first: ${first}` };
  }
  return judgement;
}
