import type { MetricName } from '../budget/metrics.ts';
import type { EventSeries } from '../record/event.ts';
import type { RunRecord } from '../record/runRecord.ts';
import { shortText } from '../shortText.ts';
import type { Judgement } from './judgement.ts';

/** An objection, with status, keys and the beginning of the answer. */
const MOST_CHARACTERS = 400;

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
    const first = shortText(objection, MOST_CHARACTERS);
    return { ...judgement, reason: `${judgement.reason}; the first: ${first}` };
  }
  return judgement;
}
