import type { TimedExchange } from '../../probes/timedClient.ts';
import type { Asked } from './objectionToOwner.ts';
import { tablesIn } from './tablesIn.ts';

/** What the model says when it is made to fail, and nobody else, so that it is known where it turns up. */
export const CANARY = 'kingfisher-nest-7';

/** What the caller of SalesTalk has no business with: addresses, credentials, and how it is made. `isMasked`: a report must not repeat it either. */
export const SECRETS: { what: string; pattern: RegExp; isMasked?: true }[] = [
  { what: 'an address', pattern: /\bhttps?:\/\//i, isMasked: true },
  { what: 'an address', pattern: /\b[\w-]+\.amazonaws\.com\b/i, isMasked: true },
  {
    what: 'a host and port',
    pattern: /\b(?:localhost|\d{1,3}(?:\.\d{1,3}){3}):\d{2,5}\b/i,
    isMasked: true,
  },
  {
    what: 'a host and port',
    pattern: /\[[0-9a-f:]*:[0-9a-f:]*\]:\d{2,5}\b|:11434\b/i,
    isMasked: true,
  },
  // As long as a credential: of bearers, and of what they bear, an ordinary text may speak.
  { what: 'a bearer token', pattern: /\bbearer\s+[\w.~+/-]{16,}/i, isMasked: true },
  { what: 'a token', pattern: /\beyJ[\w-]{8,}/, isMasked: true },
  { what: 'an exception of the provider', pattern: /\b[A-Z]\w+Exception\b/ },
  {
    what: 'an error of the network',
    pattern: /\bE(?:CONN(?:REFUSED|RESET|ABORTED)|TIMEDOUT|NOTFOUND|PIPE|AI_AGAIN|HOSTUNREACH)\b/,
  },
  { what: 'an error of its code', pattern: /\b(?:Type|Syntax|Range|Reference|Key|Value)Error\b/ },
  { what: 'where its code stands', pattern: /Traceback|\.(?:[jt]s|py):\d+|\bat \S+ \(/ },
];

/** What an answer that reports a failure gives away, or null. */
export function objectionToSecrecy({ body }: TimedExchange, asked: Asked): string | null {
  if (body.includes(CANARY)) return 'gives away what the model said';
  if (asked.token !== '' && body.includes(asked.token)) return "gives away the caller's token";
  const found = SECRETS.find(({ pattern }) => pattern.test(body));
  if (found !== undefined) return `gives away ${found.what}`;
  // A stream may have shown the caller's own figures before it failed.
  const table = tablesIn(body).find((one) => one !== `tenant-${asked.tenant}-metrics`);
  return table === undefined ? null : `gives away a table, ${table}`;
}
