import { parseJson } from '../../core/parseJson.ts';
import type { AnsweredIds } from '../../core/record/answeredIds.ts';
import type { TimedExchange } from '../../probes/timedClient.ts';
import { errorAnswer } from '../contract.ts';
import type { Answer } from '../outcome.ts';
import { withoutToken } from '../withoutToken.ts';
import type { Asked } from './objectionToOwner.ts';

const HEADER = 'x-request-id';
const LONGEST_ID = 80;

/**
 * What an answer calls its request, where its header or its body names another id than was sent, or its header none; undefined where both carry
 * what was sent, and where nothing of SalesTalk's was answered. A gateway that gives out ids of its own is common, so that another id says
 * nothing of whose the answer is.
 */
export function findOtherIds(
  { status, headers, body }: Pick<TimedExchange, 'status' | 'headers' | 'body'>,
  { requestId, token }: Pick<Asked, 'requestId' | 'token'>,
  answer: Answer | null,
): AnsweredIds | undefined {
  if (status === null) return undefined;
  const inBody = answer?.requestIds ?? idsOfFailure(body);
  const header = headers[HEADER] ?? null;
  // What answered has neither: a page of a proxy, say.
  if (header === null && inBody.length === 0) return undefined;
  const other = inBody.find((id) => id !== requestId);
  // A header that came twice is one, its values separated by commas.
  const isInHeader = header?.split(',').some((id) => id.trim() === requestId) === true;
  if (isInHeader && other === undefined) return undefined;
  const shown = (id: string | null) =>
    id === null ? null : withoutToken(id, token).slice(0, LONGEST_ID);
  return { header: shown(header), body: shown(other ?? inBody[0] ?? null) };
}

/** A stream tells of a failure in its last line. */
function idsOfFailure(body: string): string[] {
  const last = body.trimEnd().split('\n').at(-1) ?? '';
  for (const text of [body, last]) {
    const failure = errorAnswer.pick({ requestId: true }).safeParse(parseJson(text));
    if (failure.success) return [failure.data.requestId];
  }
  return [];
}
