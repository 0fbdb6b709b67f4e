import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Capability } from '../core/budget/operationCatalogue.ts';
import { HarnessError } from '../core/harnessError.ts';
import { type AiMockControl, constantModel } from '../probes/aiMock.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { readStream } from '../salestalk/contract.ts';
import { QUESTIONS, type RequestPlace, traceparent, withNonce } from '../salestalk/questions.ts';
import { describeAnswer, isUnhealthy, refuseUnreachable } from './describeExchange.ts';
import type { RunContext } from './runContext.ts';
import { type Tokens, tokenFrom } from './tokens.ts';

/** What a budget claims of its target, and what it takes to check that. */
type Claims = {
  target: Pick<RunContext['target'], 'apiUrl' | 'http' | 'supports' | 'ceilings'>;
  budgetFile: string;
  tokens: Tokens;
  /** Null: the model is real. */
  aiMock: AiMockControl | null;
};

/** A target that fails now and then is measured all the same. */
const MAX_ATTEMPTS = 3;
/** Calls of the model for one chat message. */
const CALLS_PER_CHAT = 2;

const FAST_MODEL = constantModel({ latencyMs: 5, firstChunkMs: 5, betweenChunksMs: 5 });

/**
 * Checks before measuring that the target supports what its budget claims: a wrong claim would make objectives fail though the target is
 * well. It costs three calls of a mocked model, or two of a real one if the budget allows them.
 * @throws HarnessError BUDGET_INVALID with the claim, TARGET_UNREACHABLE, TARGET_UNHEALTHY or AI_MOCK_FAILED
 */
export async function checkClaims(claims: Claims): Promise<void> {
  const { target, tokens, aiMock } = claims;
  const { apiUrl: url, supports, ceilings } = target;
  if (url === null || !supports.api) return;
  const api = new ApiClient({ url, http: target.http, tokenOf: tokenFrom(tokens) });
  const place: RequestPlace = { scope: randomBytes(4).toString('hex'), index: 0 };
  const ask = (path: string, body: object, accept: string): Promise<TimedExchange> => {
    const [tenant = ''] = tokens.keys();
    const headers = { accept, traceparent: traceparent(place) };
    const send = () => api.send({ method: 'POST', path, tenant, headers, body });
    return askUntilAnswered(send, url, `POST ${path}`);
  };
  try {
    if (supports.serverMetrics) await checkMetrics(api, claims);
    await aiMock?.setBehaviours(place.scope, 1, [FAST_MODEL]);
    const question = withNonce(QUESTIONS[0], place);
    if (supports.mockedAi && aiMock !== null) {
      const answer = await ask('/classify', { question }, 'application/json');
      if (!(await hasJournalCall(aiMock, place.scope))) throw notMocked(answer, claims);
      refuseUnhealthy(answer, url, 'POST /classify');
    }
    const mayCallModel = supports.mockedAi || ceilings.paidModelCalls >= CALLS_PER_CHAT;
    if (supports.streaming && mayCallModel) {
      const answer = await ask('/chat', { message: question }, 'application/x-ndjson');
      refuseUnhealthy(answer, url, 'POST /chat as a stream');
      checkStream(answer, claims);
    }
  } finally {
    await aiMock?.forget(place.scope).catch(() => undefined);
    await api.close();
  }
}

/** Runs a check. If another server answers, the error also says which claim of the budget to give up. */
export async function checkClaim(
  claim: 'api' | 'ui',
  budgetFile: string,
  check: () => Promise<void>,
): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'TARGET_FOREIGN') throw error;
    const { remedy } = error.details;
    throw new HarnessError({
      ...error.details,
      remedy: `${remedy} ${hintToGiveUp(claim, budgetFile)}`,
    });
  }
}

async function checkMetrics(api: ApiClient, claims: Claims): Promise<void> {
  const { process } = await api.readProcess();
  if (process !== null && process.heapUsedBytes !== null) return;
  const answer = await api.send({ method: 'GET', path: '/metrics' });
  throw wrongClaim('serverMetrics', claims, {
    summary: 'that the target shows its memory at /metrics, and it does not',
    found: `GET /metrics: ${answer.failure ?? describeAnswer(answer)}`,
    expected: 'OpenMetrics with nodejs_heap_size_used_bytes of one process',
    remedy: 'Expose it there, without a token.',
  });
}

function notMocked(answer: TimedExchange, claims: Claims): HarnessError {
  return wrongClaim('mockedAi', claims, {
    summary: 'that the model of the target is the AI mock, and the AI mock received no call',
    found: `POST /classify: ${describeAnswer(answer)}, and no call with the nonce of the question in the journal of the AI mock`,
    expected: 'a call of the AI mock with the question in its prompt',
    remedy:
      "Point SalesTalk's model at the AI mock: OLLAMA_BASE_URL, or AWS_ENDPOINT_URL_BEDROCK_RUNTIME.",
  });
}

function checkStream(answer: TimedExchange, claims: Claims): void {
  let problem = 'no event';
  try {
    if (answer.status === 200 && readStream(answer.chunks).length > 0) return;
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  throw wrongClaim('streaming', claims, {
    summary: 'that the target streams its answers, and it does not',
    found: `POST /chat with Accept: application/x-ndjson: ${describeAnswer(answer)}${answer.status === 200 ? ` (${problem})` : ''}`,
    expected:
      '200 and lines with one event of the contract each, such as {"type":"narrative_start", …}',
    remedy: 'Deploy a version that streams, or let the gateway forward the Accept header.',
  });
}

/** Waits for up to 2 s: the journal notes the end of a call a little after SalesTalk received the answer. */
async function hasJournalCall(aiMock: AiMockControl, scope: string): Promise<boolean> {
  for (let looks = 0; looks <= 80; looks++) {
    if ((await aiMock.journal(scope, 0)).length > 0) return true;
    await sleep(25);
  }
  return false;
}

async function askUntilAnswered(
  send: () => Promise<TimedExchange>,
  url: string,
  request: string,
): Promise<TimedExchange> {
  for (let attempt = 1; ; attempt++) {
    const answer = await send();
    const isAnswered = answer.failure === null && !isUnhealthy(answer);
    if (!isAnswered && attempt < MAX_ATTEMPTS) continue;
    refuseUnreachable(answer, { url, variable: 'SALESTALK_API_URL', request });
    return answer;
  }
}

function refuseUnhealthy(answer: TimedExchange, url: string, request: string): void {
  if (!isUnhealthy(answer)) return;
  throw new HarnessError({
    code: 'TARGET_UNHEALTHY',
    summary: `SalesTalk did not answer a question in ${MAX_ATTEMPTS} attempts.`,
    file: url,
    found: `${request}: ${describeAnswer(answer)}`,
    expected: '200',
    remedy: 'Repair the deployment, or its model, first.',
  });
}

function wrongClaim(
  claim: Capability,
  { budgetFile }: Claims,
  details: { summary: string; found: string; expected: string; remedy: string },
): HarnessError {
  return new HarnessError({
    code: 'BUDGET_INVALID',
    file: budgetFile,
    path: `supports → ${claim}`,
    ...details,
    summary: `${budgetFile} says ${details.summary}.`,
    remedy: `${details.remedy} ${hintToGiveUp(claim, budgetFile)}`,
  });
}

function hintToGiveUp(claim: Capability, budgetFile: string): string {
  return `Or set supports → ${claim} to false in ${budgetFile}: objectives that need it are then listed as not measured.`;
}
