import { parseJson } from '../../core/parseJson.ts';
import type { TimedExchange } from '../../probes/timedClient.ts';
import { errorAnswer, streamedError } from '../contract.ts';

/** What SalesTalk says when its model failed or answered nonsense. */
const STATUS = 502;
const ERROR = 'AIProviderError';

/** Why an answer that reports a failure is not as the contract has it, or null where it is. A stream tells of it in its last line. */
export function objectionToFailure(exchange: TimedExchange, requestId: string): string | null {
  const { status, failure, body } = exchange;
  if (failure !== null) return `broke off: ${failure}`;
  const isStream = status === 200;
  if (!isStream && status !== STATUS) return `status ${status}`;
  const text = isStream ? (body.trimEnd().split('\n').at(-1) ?? '') : body;
  const result = (isStream ? streamedError : errorAnswer).safeParse(parseJson(text));
  if (!result.success) return 'not in the form of the contract';
  if (result.data.requestId !== requestId) return 'another request id';
  return result.data.error === ERROR ? null : `error ${result.data.error}`;
}

/** What the caller of SalesTalk has no business with: addresses, credentials, and what the model itself said. */
const SECRETS = [
  { what: 'an address', pattern: /\bhttps?:\/\//i },
  { what: 'a host and port', pattern: /\b(?:localhost|\d{1,3}(?:\.\d{1,3}){3}):\d{2,5}\b/i },
  { what: 'a bearer token', pattern: /\bbearer\s/i },
  { what: 'a token', pattern: /\beyJ[\w-]{8,}/ },
  {
    what: 'an exception of the provider',
    pattern: /\b(?:Throttling|Validation|ModelError)Exception\b/,
  },
];

/** What an answer that reports a failure gives away, or null. `canary` is what the model says when it fails, and nobody else. */
export function objectionToSecrecy({ body }: TimedExchange, canary: string): string | null {
  if (body.includes(canary)) return 'gives away what the model said';
  const found = SECRETS.find(({ pattern }) => pattern.test(body));
  return found === undefined ? null : `gives away ${found.what}`;
}
