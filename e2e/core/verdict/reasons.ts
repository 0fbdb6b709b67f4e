import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from '../record/event.ts';
import type { RunRecord } from '../record/runRecord.ts';
import { shortText } from '../terminalText.ts';
import { formatCount } from './format.ts';
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

/** How many requests or uses lack what the metric takes. */
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

/** An objection, with status, keys and the beginning of the answer. */
const MAX_OBJECTION_CHARACTERS = 400;

/** Adds to the reason what was wrong with the first bad answer. */
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
