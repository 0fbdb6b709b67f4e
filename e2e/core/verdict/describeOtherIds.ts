import type { AnsweredIds } from '../record/answeredIds.ts';
import type { RunRecord } from '../record/runRecord.ts';
import { shortText } from '../shortText.ts';
import { formatCount } from './decision.ts';

/** As long as a UUID, and a word of a gateway's before it. */
const LONGEST_ID = 48;

/**
 * Answers that do not carry the id that their request was sent with: a gateway gives out its own, or the target does. That makes no answer
 * wrong, and none another tenant's; but whoever looks for a request in the logs of the target does not find it by its id.
 * @returns one sentence for the run, or null
 */
export function describeOtherIds({
  requests,
  loads,
}: Pick<RunRecord, 'requests' | 'loads'>): string | null {
  const answers = requests.filter(({ via, status }) => via === 'api' && status !== null);
  const others = answers.flatMap(({ requestId, answeredIds }) =>
    answeredIds === undefined ? [] : [{ n: 1, sent: requestId, answered: answeredIds }],
  );
  const lines = loads.flatMap((load) => load.lines);
  const underLoad = lines.flatMap(({ otherIds }) => (otherIds === undefined ? [] : [otherIds]));
  const all = [...others, ...underLoad];
  const [first] = all;
  if (first === undefined) return null;
  const n = all.reduce((sum, other) => sum + other.n, 0);
  const total = answers.length + lines.reduce((sum, { index }) => sum + index.length, 0);
  return `request ids are not carried through: ${formatCount(n)} of ${formatCount(total)} requests (the first: sent ${shown(first.sent)}, got ${describe(first.answered)}); these answers cannot be tied to their requests by id`;
}

function describe({ header, body }: AnsweredIds): string {
  if (header === body) return `${shown(header)} in the header and in the body`;
  return `${shown(header)} in the header, ${shown(body)} in the body`;
}

function shown(id: string | null): string {
  return id === null ? 'none' : shortText(id, LONGEST_ID);
}
