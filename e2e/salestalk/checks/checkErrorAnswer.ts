import { parseJson } from '../../core/readJson.ts';
import type { TimedExchange } from '../../probes/httpClient.ts';
import { errorAnswer, streamedError } from '../contract.ts';
import { type Asked, findTables } from './checkTenant.ts';

/** SalesTalk's answer if its model failed or answered nonsense. */
const STATUS = 502;
const ERROR = 'AIProviderError';

/**
 * Returns how an answer that reports a failure breaks the contract, or null. A stream reports it in its last line. `findOtherIds` checks
 * the request id.
 */
export function checkErrorBody(exchange: TimedExchange, asked: Asked): string | null {
  const { status, failure, body } = exchange;
  if (failure !== null) return `broke off: ${failure}`;
  const isStream = asked.streamed && status === 200;
  if (!isStream && status !== STATUS) return `status ${status}`;
  const text = isStream ? (body.trimEnd().split('\n').at(-1) ?? '') : body;
  const result = (isStream ? streamedError : errorAnswer).safeParse(parseJson(text));
  if (!result.success) return 'not in the form of the contract';
  return result.data.error === ERROR ? null : 'another error than the one for the model';
}

/** A word that only the failing model says, to recognise it in an answer. */
export const CANARY = 'kingfisher-nest-7';

/** Errors are short, so the rest is not searched. */
const SEARCHED_CHARACTERS = 65_536;

/**
 * Internals of SalesTalk: addresses, credentials and implementation. A report must not repeat those with `isMasked` either. Each
 * repetition is bounded, so that no text takes quadratic time to search.
 */
export const SECRETS: { what: string; pattern: RegExp; isMasked?: true }[] = [
  { what: 'an address', pattern: /\bhttps?:\/\//i, isMasked: true },
  { what: 'an address', pattern: /\b[\w-]{1,63}\.amazonaws\.com\b/i, isMasked: true },
  {
    what: 'a host and port',
    pattern: /\b(?:localhost|\d{1,3}(?:\.\d{1,3}){3}):\d{2,5}\b/i,
    isMasked: true,
  },
  {
    what: 'a host and port',
    pattern: /\[(?=[0-9a-f]{0,4}:)[0-9a-f:]{2,45}\]:\d{2,5}\b|:11434\b/i,
    isMasked: true,
  },
  // As long as a credential, since ordinary texts may use the word.
  { what: 'a bearer token', pattern: /\bbearer\s{1,9}[\w.~+/-]{16,}/i, isMasked: true },
  { what: 'a token', pattern: /\beyJ[\w-]{8,}/, isMasked: true },
  { what: 'an exception of the provider', pattern: /\b[A-Z]\w{1,80}Exception\b/ },
  {
    what: 'an error of the network',
    pattern: /\bE(?:CONN(?:REFUSED|RESET|ABORTED)|TIMEDOUT|NOTFOUND|PIPE|AI_AGAIN|HOSTUNREACH)\b/,
  },
  { what: 'an error of its code', pattern: /\b(?:Type|Syntax|Range|Reference|Key|Value)Error\b/ },
  { what: 'where its code stands', pattern: /Traceback|\.(?:[jt]s|py):\d|\bat [\w.$<>#]{1,80} \(/ },
];

/** Returns what an answer that reports a failure leaks, or null. */
export function checkLeaks(answer: TimedExchange, asked: Asked): string | null {
  const body = answer.body.slice(0, SEARCHED_CHARACTERS);
  if (body.includes(CANARY)) return 'gives away what the model said';
  if (asked.token !== '' && body.includes(asked.token)) return "gives away the caller's token";
  const found = SECRETS.find(({ pattern }) => pattern.test(body));
  if (found !== undefined) return `gives away ${found.what}`;
  // A stream may show the caller's own figures before it fails.
  const table = findTables(body).find((one) => one !== `tenant-${asked.tenant}-metrics`);
  return table === undefined ? null : `gives away a table, ${table}`;
}
