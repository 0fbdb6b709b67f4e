import type { EventSeries } from '../record/event.ts';
import { shortText } from '../shortText.ts';
import { formatCount } from './decision.ts';

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
