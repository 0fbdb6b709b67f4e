/*
 * A load of SalesTalk for k6. `npm run load:k6` writes it from the budget, which CONFIG below repeats.
 *
 *   SALESTALK_API_URL=https://… SALESTALK_TOKENS=tenant=JWT,… k6 run --out json=results/1.json load.js
 *
 * A mocked model behind SalesTalk should take as long as CONFIG.model says (npm run ai-mock).
 *
 * On several machines at once, each offers its part: --execution-segment 0:1/2 --execution-segment-sequence 0,1/2,1 on the first, 1/2:1 on
 * the second, as k6's operator does by itself. `npm run report -- --k6 results` merges the results and judges them.
 */
import { sleep } from 'k6';
import crypto from 'k6/crypto';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';

/** @type {import('./config.ts').K6Config} */
export const CONFIG = JSON.parse('{}');

/** Results of another CONFIG are refused. */
const HASH = crypto.sha256(JSON.stringify(CONFIG), 'hex');
/** Ties calls of the model to the request that caused them. */
const SCOPE = HASH.slice(0, 8);
const TIMEOUT = '30s';
/** k6's code of a request that took longer. */
const TIMED_OUT = 1050;

const API_URL = readApiUrl(__ENV.SALESTALK_API_URL ?? '');
const TOKENS = readTokens(__ENV.SALESTALK_TOKENS ?? '');
const TENANTS = Object.keys(TOKENS);

/** @type {import('k6/options').Options} */
export const options = {
  // A request in flight at the end is waited for.
  scenarios: { [CONFIG.load]: { ...CONFIG.scenario, gracefulStop: '35s' } },
  // k6 passes a threshold without samples; `npm run report` does not.
  thresholds: Object.fromEntries(
    CONFIG.objectives.map(({ name, allowedShare }) => [name, [`rate<=${allowedShare}`]]),
  ),
  // On every point, dropped iterations included.
  tags: { config: HASH, load: CONFIG.load, target: CONFIG.target },
  maxRedirects: 0,
};

/** Response time from the intended start, one raw point for each request. The report reads this metric and k6's dropped_iterations. */
const responseTime = new Trend('load_response_time', true);
/** A result without it is of an instance that was killed. */
const loadEnd = new Counter('load_end');
/** How many judged requests were bad, and how many good. Both counts add across instances. */
const bad = Object.fromEntries(CONFIG.objectives.map(({ name }) => [name, new Rate(name)]));

export default function () {
  const { iterationInTest: index, startTime } = exec.scenario;
  if (index >= CONFIG.maxRequests) return;
  const plan = planRequest(index, TENANTS);
  // k6 starts iterations at equal distances, which could keep step with periodic work of the target.
  const dueMs = Date.now() + plan.waitMs;
  sleep(plan.waitMs / 1000);
  const sentMs = Date.now();
  const response = ask(plan, index);
  const endMs = Date.now();
  if (response.status === 401) exec.test.abort(`SalesTalk rejects the token of ${plan.tenant}`);
  const { blocked, duration, connecting } = response.timings;
  // k6 does not time all of an exchange that broke off.
  const serviceMs = response.status === 0 ? endMs - sentMs : blocked + duration;
  const lateMs = Math.max(0, Math.round(sentMs - dueMs));
  const answer = readAnswer(response, plan, nonceOf(index));
  const isWarmUp = dueMs - startTime < CONFIG.warmUpSeconds * 1000;
  responseTime.add(lateMs + serviceMs, {
    operation: plan.operation,
    tenant: plan.tenant,
    late: String(lateMs),
    reused: String(connecting === 0),
    warm_up: String(isWarmUp),
    start: String(Math.round(startTime)),
    segment: String(exec.test.options.executionSegment ?? '0:1'),
    ...(answer.failure === null ? {} : { failure: answer.failure }),
    ...(answer.isolated === null ? {} : { isolated: String(answer.isolated) }),
  });
  for (const { name, metric, limit } of isWarmUp ? [] : CONFIG.objectives) {
    const isBad = judge(metric, limit, { ...answer, serviceMs, responseMs: lateMs + serviceMs });
    if (isBad !== null) bad[name]?.add(isBad);
  }
  if (plan.thinkMs > 0) sleep(plan.thinkMs / 1000);
}

export function teardown() {
  loadEnd.add(1);
}

/**
 * @param {Plan} plan
 * @param {number} index
 */
function ask({ operation, tenant, question }, index) {
  const isChat = operation !== 'classify';
  const body = { [isChat ? 'message' : 'question']: `${question} ${nonceOf(index)}` };
  return http.post(`${API_URL}${isChat ? '/chat' : '/classify'}`, JSON.stringify(body), {
    headers: {
      accept: operation === 'narrative' ? 'application/x-ndjson' : 'application/json',
      authorization: `Bearer ${TOKENS[tenant]}`,
      'content-type': 'application/json',
      'x-request-id': `${SCOPE}-${index}-${Date.now()}`,
      // For calls of the model whose prompt does not hold the question.
      traceparent: `00-${SCOPE}00000000${hex(index)}-${hex(index + 1)}-01`,
    },
    redirects: 0,
    timeout: TIMEOUT,
    responseType: 'text',
  });
}

/** @param {number} index */
function nonceOf(index) {
  return `[ref:${SCOPE}-${index}]`;
}

/** @param {number} place */
function hex(place) {
  return place.toString(16).padStart(16, '0');
}

/** @typedef {{ operation: string, tenant: string, question: string, thinkMs: number, waitMs: number }} Plan */

/** Each draw of a request depends on its index alone: however many instances there are, together they ask the same.
 * @param {number} index
 * @param {string[]} tenants
 * @returns {Plan}
 */
export function planRequest(index, tenants) {
  const draw = seededDraw((CONFIG.seed + Math.imul(index, 0x9e3779b1)) | 0);
  const scenario = pick(CONFIG.scenarios, ({ share }) => share, draw);
  const [operation] = pick(Object.entries(scenario.operations), ([, share = 0]) => share, draw);
  const { tenantShares } = scenario;
  const asking = tenantShares === undefined ? tenants : tenants.slice(0, tenantShares.length);
  const tenant = pick(asking, (one) => tenantShares?.[asking.indexOf(one)] ?? 1, draw);
  const question = String(scenario.questions[Math.floor(draw() * scenario.questions.length)]);
  const { min, max } = scenario.thinkSeconds ?? { min: 0, max: 0 };
  const thinkMs = (min + draw() * (max - min)) * 1000;
  return { operation, tenant, question, thinkMs, waitMs: draw() * CONFIG.spreadMs };
}

/**
 * @template T
 * @param {T[]} choices
 * @param {(choice: T) => number} shareOf
 * @param {() => number} draw
 * @returns {T}
 */
function pick(choices, shareOf, draw) {
  let place = draw() * choices.reduce((sum, choice) => sum + shareOf(choice), 0);
  const found = choices.find((choice) => {
    place -= shareOf(choice);
    return place < 0;
  });
  return found ?? /** @type {T} */ (choices[choices.length - 1]);
}

/** Draws from [0, 1) by xoroshiro128+ (Blackman & Vigna 2018), seeded as the harness does it.
 * @param {number} seed
 */
function seededDraw(seed) {
  let [low0, high0, low1, high1] = [~seed, -1, 0, seed | 0];
  const next = () => {
    const sum = (low0 + low1) | 0;
    const [low, high] = [low0 ^ low1, high0 ^ high1];
    [low0, high0] = [
      (low0 << 24) ^ (high0 >>> 8) ^ low ^ (low << 16),
      (high0 << 24) ^ (low0 >>> 8) ^ high ^ ((high << 16) | (low >>> 16)),
    ];
    [low1, high1] = [(high << 5) ^ (low >>> 27), (low << 5) ^ (high >>> 27)];
    return sum;
  };
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}

/** @typedef {{ failure: string | null, isolated: boolean | null }} Answer */

/** Is the request bad? Null: it does not count.
 * @param {string} metric
 * @param {number} limit
 * @param {Answer & { serviceMs: number, responseMs: number }} request
 */
export function judge(metric, limit, { failure, isolated, serviceMs, responseMs }) {
  if (metric === 'availability') return failure !== null;
  if (metric === 'isolation') return isolated === null ? null : !isolated;
  if (failure !== null) return null;
  return (metric === 'latency' ? responseMs : serviceMs) >= limit;
}

/** What an answer says. Its owner is unknown (null) if it failed or names none. Sessions and figures of other requests cannot be compared, as
 * k6's users share no memory.
 * @param {{ status: number, error_code: number, body: unknown }} response
 * @param {{ operation: string, tenant: string }} plan
 * @param {string} nonce of the question
 * @returns {Answer}
 */
export function readAnswer({ status, error_code: code, body }, { operation, tenant }, nonce) {
  const failed = (/** @type {string} */ failure) => ({ failure, isolated: null });
  if (code === TIMED_OUT) return failed('timeout');
  if (status === 0) return failed(`no answer (k6 error ${code})`);
  if (status !== 200) return failed(`status ${status}`);
  const text = String(body);
  const events = (operation === 'narrative' ? text.trimEnd().split('\n') : [text]).map(parse);
  const answer = events[events.length - 1];
  const has = (/** @type {string} */ type) => events.some((event) => event?.type === type);
  if (operation === 'narrative') {
    if (has('error')) return failed('error in the stream');
    if (answer?.type !== 'complete') return failed('stream broke off');
  }
  if (!isComplete(operation, answer)) return failed('invalid answer');
  if (answer.metadata?.refused === true) return failed('refused to answer');
  if (operation === 'narrative' && !(has('narrative_start') && has('narrative_chunk')))
    return failed('stream without a narrative');
  const { tenantId, dataReferences = [] } = answer;
  const tables = dataReferences.map((/** @type {any} */ one) => one.source.table);
  tables.push(...(text.match(/\btenant-[a-z0-9-]{1,64}?-metrics\b/g) ?? []));
  const nonces = text.match(/\[ref:[0-9a-f]{8}-\d+\]/g) ?? [];
  const isForeign =
    nonces.some((one) => one !== nonce) ||
    (tenantId !== undefined && tenantId !== tenant) ||
    tables.some((/** @type {string} */ table) => table !== `tenant-${tenant}-metrics`);
  const isOwned = tenantId !== undefined || dataReferences.length > 0;
  const isolated = isForeign ? false : isOwned ? true : null;
  return { failure: null, isolated };
}

/** Has an answer all that the contract promises?
 * @param {string} operation
 * @param {any} answer
 */
function isComplete(operation, answer) {
  const isText = (/** @type {unknown} */ one) => typeof one === 'string' && one !== '';
  const { intent, subject, measure, time, confidence } = answer?.classification ?? {};
  const share = confidence?.overall;
  const isClassified =
    [intent, subject, measure, answer?.requestId].every(isText) &&
    typeof (time ?? '') === 'object' &&
    typeof share === 'number' &&
    share >= 0 &&
    share <= 1;
  if (operation === 'classify') return isClassified && isText(answer.tenantId);
  return (
    isClassified &&
    isText(answer.sessionId) &&
    /\S/.test(typeof answer.response === 'string' ? answer.response : '') &&
    Array.isArray(answer.dataReferences) &&
    answer.dataReferences.every(
      (/** @type {any} */ one) =>
        typeof one?.value === 'number' &&
        [one.metric, one.period, one.unit].every((part) => typeof part === 'string') &&
        [one.source?.table, one.source?.pk, one.source?.sk].every(
          (part) => typeof part === 'string',
        ),
    )
  );
}

/** Null for what is no JSON.
 * @param {string} text
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Only hosts that the budget names may be driven.
 * @param {string} url
 */
export function readApiUrl(url) {
  const [, scheme, host = ''] = /^(https?):\/\/([^/?#@\s]+)(\/[^?#\s]*)?$/i.exec(url) ?? [];
  const hostname = host.toLowerCase().replace(/:\d+$/, '');
  const port = /:(\d+)$/.exec(host)?.[1] ?? (scheme?.toLowerCase() === 'https' ? '443' : '80');
  if (CONFIG.hosts.includes(hostname) || CONFIG.hosts.includes(`${hostname}:${port}`))
    return url.replace(/\/$/, '');
  throw new Error(
    `SALESTALK_API_URL names "${host}", and budgets/${CONFIG.target}.json allows ${CONFIG.hosts.join(', ')}`,
  );
}

/** Tokens by tenant; `tenant=JWT` pairs, comma-separated.
 * @param {string} text
 * @returns {Record<string, string>}
 */
function readTokens(text) {
  const pairs = text.split(',').map((pair) => /^([a-z0-9-]{1,64})=(.+)$/.exec(pair.trim()));
  const most = Math.max(1, ...CONFIG.scenarios.map((one) => one.tenantShares?.length ?? 1));
  if (pairs.length < most || pairs.includes(null))
    throw new Error(`SALESTALK_TOKENS must hold tenant=JWT pairs, at least ${most}`);
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}
