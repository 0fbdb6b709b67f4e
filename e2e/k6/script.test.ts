import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { loadSchema } from '../core/budget/loadSchema.ts';
import { KnownFigures, KnownSessions } from '../salestalk/checkOwnership.ts';
import { observeRequest } from '../salestalk/observeRequest.ts';
import { LOAD_OPERATIONS } from '../salestalk/operations.ts';
import { formatNonce } from '../salestalk/questions.ts';
import {
  ASKED,
  chatBody,
  classifyBody,
  errorBody,
  exchangeOf,
  referenceOf,
  streamEvents,
} from '../salestalk/testing/exchanges.ts';
import { loadBudget } from '../setup/loadBudget.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { createRequestPlanner } from '../workloads/load/loadRequests.ts';
import { buildK6Config, writeK6Script } from './config.ts';
import { importScript, TENANTS } from './testing/fakeK6.ts';

const LOCAL = loadBudget('local');
const configOf = (name: string, load: object = {}, ceilings: object = {}) => {
  const { budget } = LOCAL;
  const described = loadSchema(LOAD_OPERATIONS).parse({ ...budget.loads[name], ...load });
  const changed = {
    ...budget,
    ceilings: { ...budget.ceilings, ...ceilings },
    loads: { ...budget.loads, [name]: described },
    objectives: {},
  };
  return buildK6Config({ ...LOCAL, budget: changed }, 'local', name);
};

test('the script asks what the embedded engine asks, wherever a request is sent', async () => {
  for (const name of ['sustained', 'fiveTenants', 'soak']) {
    const load = LOCAL.budget.loads[name];
    assert.ok(load);
    const { planRequest } = await importScript(buildK6Config(LOCAL, 'local', name));
    const plan = createRequestPlanner(name, load, TENANTS);
    for (let index = 0; index < 500; index++) {
      const { waitMs, ...planned } = planRequest(index, TENANTS);
      assert.deepEqual(planned, plan(index));
      assert.ok(waitMs >= 0);
    }
  }
});

test('the script takes an answer for failed or foreign where the harness does', async () => {
  const { readAnswer } = await importScript(configOf('sustained'));
  const chat = chatBody();
  const { classification, ...unclassified } = classifyBody();
  const stream = (events: object[]) => events.map((one) => JSON.stringify(one)).join('\n');
  const bodies = {
    classify: [
      classifyBody(),
      unclassified,
      { ...classifyBody(), tenantId: 'techstart-inc-002' },
      { ...classifyBody(), metadata: null },
      { ...classifyBody(), note: formatNonce({ scope: '00000000', index: 1 }) },
      { ...classifyBody(), classification: { ...classification, confidence: { overall: 2 } } },
      { ...classifyBody(), classification: { ...classification, time: 'Q3' } },
      'no JSON',
      null,
    ],
    chat: [
      chat,
      { ...chat, response: ' ' },
      { ...chat, dataReferences: [] },
      { ...chat, dataReferences: [{ metric: 'revenue' }] },
      { ...chat, dataReferences: [referenceOf('techstart-inc-002')] },
      { ...chat, response: 'from tenant-techstart-inc-002-metrics' },
      { ...chat, metadata: { refused: true } },
      { ...chat, sessionId: '' },
    ],
    narrative: [
      stream(streamEvents()),
      stream(streamEvents().slice(0, -1)),
      stream(streamEvents().slice(-1)),
      stream([...streamEvents(), { type: 'error', ...errorBody() }]),
    ],
  };
  for (const operation of LOAD_OPERATIONS) {
    for (const body of bodies[operation]) {
      for (const status of [200, 502]) {
        const exchange = exchangeOf(body, { status });
        exchange.chunks = [{ atMs: 390, text: exchange.body }];
        const known = { figures: new KnownFigures(), sessions: new KnownSessions() };
        const { failure, checks } = observeRequest(operation, exchange, ASKED, known);
        const response = { status, error_code: 0, body: exchange.body };
        const plan = { operation, tenant: ASKED.tenant };
        const read = readAnswer(response, plan, formatNonce(ASKED.place));
        const seen = { isFailed: read.failure !== null, isolated: read.isolated };
        const isolated = failure === null ? (checks.isolation ?? null) : null;
        assert.deepEqual(seen, { isFailed: failure !== null, isolated }, exchange.body);
      }
    }
  }
  const lost = { status: 0, error_code: 1050, body: null };
  assert.equal(readAnswer(lost, { operation: 'chat', tenant: '' }, '').failure, 'timeout');
});

test('the script drives only hosts of the budget', async () => {
  const { readApiUrl } = await importScript(configOf('sustained'));
  assert.equal(readApiUrl('http://127.0.0.1:8000/api/'), 'http://127.0.0.1:8000/api');
  for (const url of [
    '',
    'http://example.com',
    'http://127.0.0.1@example.com',
    'http://example.com/127.0.0.1',
    'ftp://127.0.0.1',
    'http://127.0.0.1.example.com',
  ]) {
    assert.throws(() => readApiUrl(url), /allows 127\.0\.0\.1/, url);
  }
});

test('each arrival model has its executor, at the rates of the budget', () => {
  const arriving = (arrivals: object) =>
    configOf('sustained', { arrivals, durationSeconds: 10, warmUpSeconds: 0 });
  const peak = configOf('peak');
  assert.deepEqual(
    [peak.scenario.executor, 'rate' in peak.scenario && peak.scenario.rate, peak.spreadMs],
    ['constant-arrival-rate', 23_148, 2_000],
  );
  assert.equal(arriving({ model: 'constant', rate: 50 }).spreadMs, 20);
  const spike = { model: 'spike', rate: 1, peak: 5, afterSeconds: 4, forSeconds: 2 };
  for (const [arrivals, startRate, ...rates] of [
    [{ model: 'ramp', from: 2, to: 4 }, 2, '2 0s', '4 10s'],
    [{ model: 'steps', rates: [1, 3] }, 1, '1 0s', '1 5s', '3 0s', '3 5s'],
    [spike, 1, '1 0s', '1 4s', '5 0s', '5 2s', '1 0s', '1 4s'],
    [{ model: 'soak', rate: 6, rampSeconds: 3 }, 0, '0 0s', '6 3s', '6 0s', '6 7s'],
  ] as const) {
    const { scenario } = arriving(arrivals);
    assert.ok(scenario.executor === 'ramping-arrival-rate');
    const stages = scenario.stages.map((one) => `${one.target / 1000} ${one.duration}`);
    assert.deepEqual([Number(scenario.startRate) / 1000, ...stages], [startRate, ...rates]);
  }
  const closed = configOf('sustained', { arrivals: undefined, users: 3 });
  assert.deepEqual(closed.scenario, { executor: 'constant-vus', vus: 3, duration: '92s' });
});

test('a load that the budget does not have, does not allow, or that k6 cannot offer is refused', () => {
  for (const [expected, act] of [
    ['OPTION_REFUSED', () => buildK6Config(LOCAL, 'local', 'nightly')],
    ['OPTION_REFUSED', () => buildK6Config(LOCAL, 'local', 'capacity')],
    ['OPTION_REFUSED', () => configOf('sustained', {}, { load: false })],
    ['CEILING_EXCEEDED', () => configOf('sustained', {}, { requestsPerSecond: 59 })],
    ['CEILING_EXCEEDED', () => configOf('sustained', {}, { requestsPerRun: 5_000 })],
  ] as const) {
    assert.throws(act, { code: expected });
  }
});

const hasK6 = spawnSync('k6', ['version']).error === undefined;

test('k6 accepts the script', { skip: hasK6 ? false : 'k6 is not on the PATH' }, () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'load.js');
  writeFileSync(file, writeK6Script(configOf('sustained')));
  const variables = ['SALESTALK_API_URL=http://127.0.0.1:8000', 'SALESTALK_TOKENS=acme=token'];
  const args = ['inspect', ...variables.flatMap((one) => ['--env', one]), file];
  const { status, stderr, stdout } = spawnSync('k6', args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /constant-arrival-rate/);
});
