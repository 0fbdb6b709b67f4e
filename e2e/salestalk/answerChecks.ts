import { z } from 'zod';
import { formatPath } from '../core/checkInput.ts';
import { parseJson } from '../core/readJson.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import {
  type Asked,
  checkOwnership,
  findTables,
  type Known,
  tenantTable,
} from './checkOwnership.ts';
import { errorAnswer, readLastLine, share, streamedError } from './contract.ts';
import type { Answer, Outcome } from './outcome.ts';

export type Checked = Pick<RequestLine, 'checks' | 'objection'>;

/**
 * Checks an answer: it must belong to the caller (`isolation`) and make sense (`soundness`). A failure must have the form of the
 * `contract` and leak nothing (`secrecy`). Checks that cannot be decided are left out: the owner of an answer without figures, and the
 * answer to a caller who disconnected.
 */
export function checkAnswer(
  exchange: TimedExchange,
  asked: Asked,
  { failure, answer }: Outcome,
  known: Known,
): Checked {
  if (failure === null && answer !== null) {
    const foreign = checkOwnership(answer, exchange.body, asked, known);
    const unsound = checkClassification(answer);
    const isolation =
      foreign !== null || namesTenant(answer) ? { isolation: foreign === null } : {};
    return {
      checks: { ...isolation, soundness: foreign === null && unsound === null },
      objection: foreign ?? unsound,
    };
  }
  if (exchange.failure === 'timeout') return { checks: { soundness: false }, objection: failure };
  // A connection that breaks off before an answer reports nothing to its caller.
  if (exchange.status === null) {
    return { checks: { soundness: false, contract: false }, objection: failure };
  }
  const formless = checkErrorBody(exchange, asked);
  const leak = checkLeaks(exchange, asked);
  return {
    checks: { contract: formless === null, secrecy: leak === null, soundness: formless === null },
    objection: [formless, leak].filter((one) => one !== null).join('; ') || null,
  };
}

/** A classification names its tenant; a chat does so by its figures. */
function namesTenant({ tenantId, dataReferences = [] }: Answer): boolean {
  return tenantId !== undefined || dataReferences.length > 0;
}

/** Words of a classification, from SalesTalk's documentation. */
const INTENTS = 'what why compare trend forecast rank breakdown target correlation anomaly';
const SUBJECTS =
  'revenue margin profit customers orders sales marketing products regions segments reps productLines timePeriods';
const MEASURES =
  'revenue mrr arr gm gm_pct gross_profit customer_count churn_rate ltv nps cac arpu order_count aov return_rate pipeline_value win_rate deal_count conversion_rate signup_count lead_count margin_pct op_margin_pct';

/** A classification with words of the vocabulary and confidences from 0 to 1. */
export const soundClassification = z.object({
  intent: z.enum(INTENTS.split(' ')),
  subject: z.enum(SUBJECTS.split(' ')),
  measure: z.enum(MEASURES.split(' ')),
  confidence: z.object({
    overall: share,
    components: z.record(z.string(), share).optional(),
  }),
});

function checkClassification({ classification }: Answer): string | null {
  const result = soundClassification.safeParse(classification);
  if (result.success) return null;
  return `classification → ${formatPath(result.error.issues[0]?.path ?? [])} makes no sense`;
}

/** SalesTalk's answer if its model failed or answered nonsense. */
const MODEL_FAILED_STATUS = 502;
const MODEL_FAILED_ERROR = 'AIProviderError';

/** Returns how an answer that reports a failure breaks the contract, or null. `findOtherIds` checks the request id. */
export function checkErrorBody(exchange: TimedExchange, asked: Asked): string | null {
  const { status, failure, body } = exchange;
  if (failure !== null) return `broke off: ${failure}`;
  const isStream = asked.streamed && status === 200;
  if (!isStream && status !== MODEL_FAILED_STATUS) return `status ${status}`;
  const text = isStream ? readLastLine(body) : body;
  const result = (isStream ? streamedError : errorAnswer).safeParse(parseJson(text));
  if (!result.success) return 'not in the form of the contract';
  return result.data.error === MODEL_FAILED_ERROR
    ? null
    : 'another error than the one for the model';
}

/** A word that only the failing model says, to recognise it in an answer. */
export const CANARY = 'kingfisher-nest-7';

/** Errors are short: the rest of a long body is not searched. */
const SEARCHED_CHARACTERS = 65_536;

/**
 * Internals of SalesTalk: addresses, credentials and implementation. `isMasked`: an excerpt must not show it either. Each
 * repetition is bounded, so that no text takes quadratic time to search.
 */
export const LEAK_PATTERNS: { what: string; pattern: RegExp; isMasked?: true }[] = [
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
  { what: 'a place in its code', pattern: /Traceback|\.(?:[jt]s|py):\d|\bat [\w.$<>#]{1,80} \(/ },
];

/** Returns what an answer that reports a failure leaks, or null. */
export function checkLeaks(exchange: TimedExchange, asked: Asked): string | null {
  const body = exchange.body.slice(0, SEARCHED_CHARACTERS);
  if (body.includes(CANARY)) return 'leaks what the model said';
  if (asked.token !== '' && body.includes(asked.token)) return "leaks the caller's token";
  const leak = LEAK_PATTERNS.find(({ pattern }) => pattern.test(body));
  if (leak !== undefined) return `leaks ${leak.what}`;
  // A stream may show the caller's own figures before it fails.
  const table = findTables(body).find((one) => one !== tenantTable(asked.tenant));
  return table === undefined ? null : `leaks a table, ${table}`;
}
