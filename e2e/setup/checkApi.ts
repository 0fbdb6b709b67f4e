import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { HarnessError, type HarnessErrorCode } from '../core/harnessError.ts';
import { parseJson } from '../core/readJson.ts';
import { scrubbableSecrets, secretScrubber } from '../core/secrets/secretScrubber.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { errorAnswer } from '../salestalk/contract.ts';
import { describeAnswer, quote, refuseUnreachable } from './describeExchange.ts';
import { type Tokens, tokenFrom } from './tokens.ts';

const variable = 'SALESTALK_API_URL';
const LONGEST_READ = 10_000;

/**
 * Makes sure that what answers at the URL is SalesTalk, well, and takes our tokens, before anything is measured.
 * The question asked is blank, which costs no call of the model.
 * @throws HarnessError TARGET_UNREACHABLE, TARGET_UNHEALTHY, TARGET_FOREIGN or TOKEN_INVALID
 */
export async function checkApi(
  url: string,
  tokens: Tokens,
  http: HttpVersion = '1.1',
): Promise<void> {
  const api = new ApiClient({ url, http, tokenOf: tokenFrom(tokens) });
  try {
    checkHealth(await api.send({ method: 'GET', path: '/health' }), url);
    for (const tenant of tokens.keys()) {
      const body = { question: ' ' };
      checkRefusal(await api.send({ method: 'POST', path: '/classify', tenant, body }), url, {
        tenant,
        token: tokens.get(tenant) ?? '',
      });
    }
  } finally {
    await api.close();
  }
}

function checkHealth(health: TimedExchange, url: string): void {
  const request = 'GET /health';
  refuseUnreachable(health, { url, variable, request });
  refuseUnwell(health, url, request);
  if (health.status !== 200) {
    throw problem('TARGET_FOREIGN', url, {
      summary: 'What answers there is not SalesTalk.',
      found: `${request}: ${describeAnswer(health)}`,
      expected: '200',
      remedy: `Check ${variable}, and the path in it; redirects are not followed.`,
    });
  }
  const claimed = (parseJson(health.body) as { status?: unknown } | null | undefined)?.status;
  if (claimed === undefined || /^(ok|healthy|up|pass)$/i.test(String(claimed))) return;
  throw unwell(health, url, request);
}

function checkRefusal(
  exchange: TimedExchange,
  url: string,
  { tenant, token }: { tenant: string; token: string },
): void {
  const request = 'POST /classify with a blank question';
  refuseUnreachable(exchange, { url, variable, request });
  const { status, body } = exchange;
  const refusal = errorAnswer.safeParse(parseJson(body));
  if (status === 400 && refusal.success && refusal.data.error === 'ValidationError') return;
  // Some servers answer with what they were sent.
  const answer = withoutSecret(exchange, token);
  if (status === 401 || status === 403) throw rejectedToken(answer, url, tenant);
  refuseUnwell(answer, url, request);
  throw problem('TARGET_FOREIGN', url, {
    summary: 'What answers there is not SalesTalk.',
    found: `${request}: ${describeAnswer(answer)}`,
    expected: '400 { "error": "ValidationError", "message", "requestId" }',
    remedy: `Check ${variable}, and the path in it; redirects are not followed.`,
  });
}

/** A token that is right by one clock may not be valid yet, or no longer, by another. */
function rejectedToken(answer: TimedExchange, url: string, tenant: string): HarnessError {
  const challenge = answer.headers['www-authenticate'];
  const clock = describeClockDifference(answer);
  const found = [
    `POST /classify: ${describeAnswer(answer)}`,
    ...(challenge === undefined ? [] : [`WWW-Authenticate: ${quote(challenge)}`]),
    ...(clock === null ? [] : [`by its Date, the clock of the target is ${clock}`]),
  ];
  return problem('TOKEN_INVALID', url, {
    summary: `SalesTalk does not accept the token for ${tenant}.`,
    found: found.join('\n'),
    expected: '400 ValidationError for a blank question',
    remedy: `${clock === null ? '' : 'Set both clocks right first. '}Check SALESTALK_TOKENS or SALESTALK_JWT_SECRET against the deployment.`,
  });
}

/** What is shown of an answer, which is not much. */
function withoutSecret(answer: TimedExchange, token: string): TimedExchange {
  const shown = { ...answer, body: answer.body.slice(0, LONGEST_READ), chunks: [] };
  return secretScrubber(scrubbableSecrets([token])).scrub(shown);
}

/** A gateway in front says so by its status, whatever SalesTalk would have said. */
function refuseUnwell(answer: TimedExchange, url: string, request: string): void {
  if (answer.status !== null && (answer.status >= 500 || answer.status === 429)) {
    throw unwell(answer, url, request);
  }
}

function unwell(answer: TimedExchange, url: string, request: string): HarnessError {
  return problem('TARGET_UNHEALTHY', url, {
    summary: 'SalesTalk is not well.',
    found: `${request}: ${describeAnswer(answer)}`,
    expected: 'GET /health to answer 200, with a status of "ok" where there is one',
    remedy: 'Mend the deployment first; a sick system has no latency worth measuring.',
  });
}

function problem(
  code: HarnessErrorCode,
  file: string,
  details: { summary: string; found: string; expected: string; remedy: string },
): HarnessError {
  return new HarnessError({ code, file, ...details });
}

/** A `Date` header has whole seconds, and may be a second old where a server caches it. */
const RESOLUTION_MS = 2000;
const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** How far the target's clock is from ours by the `Date` of its answer, such as "3 min 20 s behind ours"; null where no difference can be told. */
export function describeClockDifference({
  headers,
  sentAtMs,
  endedMs,
}: Pick<TimedExchange, 'headers' | 'sentAtMs' | 'endedMs'>): string | null {
  const theirsMs = Date.parse(headers.date ?? '');
  if (Number.isNaN(theirsMs)) return null;
  // It was written at some moment between the sending and the end.
  const aheadMs = theirsMs - (sentAtMs + endedMs);
  const behindMs = sentAtMs - theirsMs;
  if (Math.max(aheadMs, behindMs) <= RESOLUTION_MS) return null;
  return aheadMs > 0 ? `${duration(aheadMs)} ahead of ours` : `${duration(behindMs)} behind ours`;
}

/** In its two largest units. */
function duration(ms: number): string {
  const at = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const parts = UNITS.slice(at, at + 2).reduce<{ text: string[]; restMs: number }>(
    ({ text, restMs }, [unit, unitMs]) => {
      const count = Math.floor(restMs / unitMs);
      return {
        text: count === 0 ? text : [...text, `${count} ${unit}`],
        restMs: restMs - count * unitMs,
      };
    },
    { text: [], restMs: ms },
  );
  return parts.text.join(' ');
}
