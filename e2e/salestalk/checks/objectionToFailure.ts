import { parseJson } from '../../core/parseJson.ts';
import type { TimedExchange } from '../../probes/timedClient.ts';
import { errorAnswer, streamedError } from '../contract.ts';
import type { Asked } from './objectionToOwner.ts';

/** What SalesTalk says when its model failed or answered nonsense. */
const STATUS = 502;
const ERROR = 'AIProviderError';

/**
 * Why an answer that reports a failure is not as the contract has it, or null where it is. A stream tells of it in its last line. Which request id
 * it names is told apart (`findOtherIds`).
 */
export function objectionToFailure(exchange: TimedExchange, asked: Asked): string | null {
  const { status, failure, body } = exchange;
  if (failure !== null) return `broke off: ${failure}`;
  const isStream = asked.streamed && status === 200;
  if (!isStream && status !== STATUS) return `status ${status}`;
  const text = isStream ? (body.trimEnd().split('\n').at(-1) ?? '') : body;
  const result = (isStream ? streamedError : errorAnswer).safeParse(parseJson(text));
  if (!result.success) return 'not in the form of the contract';
  return result.data.error === ERROR ? null : 'another error than the one for the model';
}
