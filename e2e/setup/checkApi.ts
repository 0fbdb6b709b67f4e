import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { HarnessError } from '../core/harnessError.ts';
import { parseJson } from '../core/readJson.ts';
import { scrubbableSecrets, secretScrubber } from '../core/secrets/secretScrubber.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { errorAnswer } from '../salestalk/contract.ts';
import { describeAnswer, isUnhealthy, quote, refuseUnreachable } from './describeExchange.ts';
import { type Tokens, tokenFrom } from './tokens.ts';

const VARIABLE = 'SALESTALK_API_URL';
const MAX_SCRUBBED_CHARACTERS = 10_000;

/**
 * Checks before measuring that SalesTalk answers at the URL, is healthy and accepts the tokens. A blank question costs no call of the
 * model.
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
    for (const [tenant, token] of tokens) {
      const body = { question: ' ' };
      const answer = await api.send({ method: 'POST', path: '/classify', tenant, body });
      checkRefusal(answer, url, { tenant, token });
    }
  } finally {
    await api.close();
  }
}

function checkHealth(health: TimedExchange, url: string): void {
  const request = 'GET /health';
  refuseUnreachable(health, { url, variable: VARIABLE, request });
  if (isUnhealthy(health)) throw unhealthy(health, url, request);
  if (health.status !== 200) throw foreign(url, `${request}: ${describeAnswer(health)}`, '200');
  const status = (parseJson(health.body) as { status?: unknown } | null | undefined)?.status;
  if (status === undefined || /^(ok|healthy|up|pass)$/i.test(String(status))) return;
  throw unhealthy(health, url, request);
}

function checkRefusal(
  exchange: TimedExchange,
  url: string,
  { tenant, token }: { tenant: string; token: string },
): void {
  const request = 'POST /classify with a blank question';
  refuseUnreachable(exchange, { url, variable: VARIABLE, request });
  const { status, body } = exchange;
  const refusal = errorAnswer.safeParse(parseJson(body));
  if (status === 400 && refusal.success && refusal.data.error === 'ValidationError') return;
  // Some servers send back what they received, the token too.
  const answer = removeToken(exchange, token);
  if (status === 401 || status === 403) throw rejectedToken(answer, url, tenant);
  if (isUnhealthy(answer)) throw unhealthy(answer, url, request);
  const expected = '400 { "error": "ValidationError", "message", "requestId" }';
  throw foreign(url, `${request}: ${describeAnswer(answer)}`, expected);
}

/** Mentions the clocks, since a token may be valid by one clock and not by the other. */
function rejectedToken(answer: TimedExchange, url: string, tenant: string): HarnessError {
  const challenge = answer.headers['www-authenticate'];
  const clock = describeClockDifference(answer);
  const found = [
    `POST /classify: ${describeAnswer(answer)}`,
    ...(challenge === undefined ? [] : [`WWW-Authenticate: ${quote(challenge)}`]),
    ...(clock === null ? [] : [`by its Date, the clock of the target is ${clock}`]),
  ];
  return new HarnessError({
    code: 'TOKEN_INVALID',
    summary: `SalesTalk does not accept the token for ${tenant}.`,
    file: url,
    found: found.join('\n'),
    expected: '400 ValidationError for a blank question',
    remedy: `${clock === null ? '' : 'Correct the clocks first. '}Compare SALESTALK_TOKENS or SALESTALK_JWT_SECRET with the deployment.`,
  });
}

function removeToken(answer: TimedExchange, token: string): TimedExchange {
  const shown = { ...answer, body: answer.body.slice(0, MAX_SCRUBBED_CHARACTERS), chunks: [] };
  return secretScrubber(scrubbableSecrets([token])).scrub(shown);
}

function foreign(url: string, found: string, expected: string): HarnessError {
  return new HarnessError({
    code: 'TARGET_FOREIGN',
    summary: 'What answers there is not SalesTalk.',
    file: url,
    found,
    expected,
    remedy: `Check ${VARIABLE}, and the path in it; redirects are not followed.`,
  });
}

function unhealthy(answer: TimedExchange, url: string, request: string): HarnessError {
  return new HarnessError({
    code: 'TARGET_UNHEALTHY',
    summary: 'SalesTalk is not healthy.',
    file: url,
    found: `${request}: ${describeAnswer(answer)}`,
    expected: 'GET /health to answer 200, with a status of "ok" where there is one',
    remedy: 'Repair the deployment first; there is no point in measuring it now.',
  });
}

/** A `Date` header has whole seconds, and a server may cache it for a second. */
const RESOLUTION_MS = 2000;

/** How the target's clock differs from ours, by the `Date` of its answer: `3 min 20 s behind ours`; null: no difference is visible. */
export function describeClockDifference({
  headers,
  sentAtMs,
  endedMs,
}: Pick<TimedExchange, 'headers' | 'sentAtMs' | 'endedMs'>): string | null {
  const theirsMs = Date.parse(headers.date ?? '');
  if (Number.isNaN(theirsMs)) return null;
  // The target wrote it between the sending and the end.
  const aheadMs = theirsMs - (sentAtMs + endedMs);
  const behindMs = sentAtMs - theirsMs;
  if (Math.max(aheadMs, behindMs) <= RESOLUTION_MS) return null;
  return aheadMs > 0
    ? `${formatDuration(aheadMs)} ahead of ours`
    : `${formatDuration(behindMs)} behind ours`;
}

/** `3 min 20 s`: at most two units. */
function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const parts = [`${Math.floor(minutes / 60)} h`, `${minutes % 60} min`, `${seconds % 60} s`];
  return parts
    .filter((part) => !part.startsWith('0 '))
    .slice(0, 2)
    .join(' ');
}
