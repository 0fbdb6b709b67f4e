import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBudget } from '../core/budget/readBudget.ts';
import { SHOP, shopBudget } from '../core/testing/shopBudget.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { closedPort, fakeServer, sendJson } from '../probes/testing/fakeServer.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { catchMessage } from '../testing/catchMessage.ts';
import { type OpenTarget, openTarget } from './openTarget.ts';
import type { TargetVariables } from './readEnvironment.ts';
import { readTokens } from './tokens.ts';

const BUDGET_FILE = 'budgets/staging.json';

type Embedded = { flavour: string };

const open = (
  name: string,
  variables: TargetVariables,
  embedded?: Embedded,
  http?: string,
): Promise<OpenTarget> => {
  const text = JSON.stringify({
    ...shopBudget(),
    ...(embedded === undefined ? {} : { embedded }),
    ...(http === undefined ? {} : { http }),
  });
  const { budget } = readBudget(text, BUDGET_FILE, SHOP);
  return openTarget({ name, budget, budgetFile: BUDGET_FILE, variables });
};

async function stopAll(processes: OpenTarget['processes']): Promise<void> {
  await Promise.all(Object.values(processes).map((process) => process.stop()));
}

/** The whole message of a target that cannot be opened, else `opened`. */
async function messageOf(...options: Parameters<typeof open>): Promise<string> {
  const message = await catchMessage(async () => stopAll((await open(...options)).processes));
  return message ?? 'opened';
}

function isTaken(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

test('a deployment without a URL is refused', async () => {
  assert.equal(
    await messageOf('staging', {}),
    [
      'ENVIRONMENT_INVALID: It is not configured where the target "staging" runs.',
      '  file     .env.staging, or the environment',
      '  found    neither SALESTALK_API_URL nor SALESTALK_UI_URL',
      '  expected at least one of them',
      '  remedy   Copy .env.example to .env.staging and fill it in.',
    ].join('\n'),
  );
});

test('a URL for the embedded SalesTalk is refused', async () => {
  for (const variables of [
    { SALESTALK_UI_URL: 'http://shop.example/' },
    { SALESTALK_API_URL: 'http://shop.example/' },
  ])
    assert.match(
      await messageOf('mine', variables, { flavour: 'planned' }),
      /^ENVIRONMENT_INVALID: The target "mine" is the embedded SalesTalk.*\(budgets\/staging.json says so\)/,
    );
});

test('HTTP/2 without TLS is refused', async () => {
  for (const [variables, embedded, found] of [
    [{ SALESTALK_API_URL: 'http://shop.example/' }, undefined, 'http://shop.example/'],
    [{}, { flavour: 'planned' }, 'http://127.0.0.1, the embedded SalesTalk'],
  ] as const)
    assert.equal(
      await messageOf('staging', variables, embedded, '2'),
      [
        'BUDGET_INVALID: HTTP/2 needs TLS, and the API URL has none.',
        '  file     budgets/staging.json',
        '  where    http',
        `  found    "2", and ${found}`,
        '  expected an API URL that begins with https://, or "http": "1.1"',
        '  remedy   Remove "http" from budgets/staging.json, or set SALESTALK_API_URL to a URL that begins with https://.',
      ].join('\n'),
    );
  const secure = await open(
    'staging',
    { SALESTALK_API_URL: 'https://shop.example/' },
    undefined,
    '2',
  );
  assert.equal(secure.target.http, '2');
  const usual = await open('staging', { SALESTALK_API_URL: 'https://shop.example/' });
  assert.equal(usual.target.http, '1.1');
});

test('a host that the budget does not list is refused, for the API and for the page', async () => {
  const allowed = 'http://shop.example/';
  for (const [variables, name] of [
    [{ SALESTALK_API_URL: 'http://evil.example/' }, 'SALESTALK_API_URL'],
    [{ SALESTALK_API_URL: allowed, SALESTALK_UI_URL: 'http://127.0.0.1/' }, 'SALESTALK_UI_URL'],
  ] as const) {
    const message = await messageOf('staging', variables);
    assert.match(message, /^HOST_NOT_ALLOWED/);
    assert.ok(message.includes(`${name} names a host`));
  }
});

test('a part without a URL is not supported, and without an AI mock the model is real', async () => {
  const { target, processes, secrets } = await open('staging', {
    SALESTALK_API_URL: 'http://shop.example/prod',
    SALESTALK_TENANTS: 'acme,tech',
  });
  assert.deepEqual(target.supports, {
    api: true,
    ui: false,
    streaming: false,
    mockedAi: false,
    serverMetrics: false,
  });
  assert.deepEqual([target.apiUrl, target.uiUrl], ['http://shop.example/prod', null]);
  assert.deepEqual(target.tenants, ['acme', 'tech']);
  assert.deepEqual([processes, secrets, target.aiMockControlUrl], [{}, {}, null]);
  assert.equal(target.embedded, null);
});

test('a running AI mock is used after it has answered', async () => {
  const api = { SALESTALK_API_URL: 'http://shop.example/' };
  await using server = await fakeServer((_, response) =>
    sendJson(response, 200, { name: 'ai-mock', version: 1 }),
  );
  const given = { ...api, AI_MOCK_CONTROL_URL: server.url, AI_MOCK_CONTROL_TOKEN: 'x' };
  const { target, processes, secrets } = await open('staging', given);
  assert.equal(target.aiMockControlUrl, server.url);
  assert.equal(target.supports.mockedAi, true);
  assert.deepEqual([processes, secrets], [{}, { AI_MOCK_CONTROL_TOKEN: 'x' }]);
  const foreign = { ...api, AI_MOCK_CONTROL_URL: 'http://mock.example:11435' };
  assert.match(await messageOf('staging', foreign), /^HOST_NOT_ALLOWED: AI_MOCK_CONTROL_URL /);
  const nowhere = `http://127.0.0.1:${await closedPort()}`;
  assert.match(
    await messageOf('staging', { ...api, AI_MOCK_CONTROL_URL: nowhere }),
    /^AI_MOCK_FAILED/,
  );
});

test('an AI mock is started on the given port; a port in use is reported', async () => {
  const port = await closedPort();
  const variables = { SALESTALK_API_URL: 'http://shop.example/', AI_MOCK_PORT: port };
  const { target, processes, secrets } = await open('staging', variables);
  try {
    assert.equal(processes.aiMock?.url, `http://127.0.0.1:${port}`);
    assert.equal(target.supports.mockedAi, true);
    assert.equal(secrets.AI_MOCK_CONTROL_TOKEN?.length, 48);
    const message = await messageOf('staging', variables);
    assert.match(message, /^START_FAILED: The AI mock cannot listen on the port that AI_MOCK_PORT/);
    assert.ok(message.includes(`  found    port ${port} on 127.0.0.1 is taken\n`));
  } finally {
    await processes.aiMock?.stop();
  }
  assert.equal(await isTaken(`http://127.0.0.1:${port}`), false);
});

test('the budget decides whether SalesTalk is embedded, not the name of the target', async () => {
  assert.match(await messageOf('local', {}), /^ENVIRONMENT_INVALID: It is not configured where/);
});

test('an unknown flavour is one error, and leaves no AI mock running', async () => {
  const port = await closedPort();
  const message = await messageOf('mine', { AI_MOCK_PORT: port }, { flavour: 'tomorrow' });
  assert.match(message, /^START_FAILED: .+$/m);
  assert.match(message, /--flavour: .*"planned"\|"today"/);
  assert.match(message, /file {5}budgets\/staging\.json\n {2}where {4}embedded → flavour\n/);
  assert.equal(message.match(/^START_FAILED/gm)?.length, 1);
  assert.doesNotMatch(message, /^ {4}at /m);
  assert.equal(await isTaken(`http://127.0.0.1:${port}`), false);
});

/** What a flavour of the embedded SalesTalk answers where its model fails. */
async function statusUnderFault(flavour: string): Promise<{ status: number; calls: number }> {
  const opened = await open('mine', {}, { flavour });
  const { target, secrets, tokenSource, processes } = opened;
  try {
    const url = target.aiMockControlUrl as string;
    const control = new AiMockControl(url, secrets.AI_MOCK_CONTROL_TOKEN as string);
    const scope = '5f3a9c1e';
    await control.setBehaviours(scope, 1, [{ fault: { kind: 'status', status: 503 } }]);
    const [tenant] = target.tenants as [string];
    const tokens = await readTokens(tokenSource, [tenant], new Date());
    const api = new ApiClient({
      url: target.apiUrl as string,
      tokenOf: (of) => tokens.get(of) as string,
    });
    const place = { scope, index: 0 };
    const { status } = await api.ask('classify', {
      tenant,
      place,
      question: 'What is Q3 revenue?',
    });
    await api.close();
    return { status: status as number, calls: (await control.journal(scope, 0)).length };
  } finally {
    await stopAll(processes);
  }
}

test('flavour today gives up at once, flavour planned tries again', async () => {
  const [today, planned] = await Promise.all(['today', 'planned'].map(statusUnderFault));
  assert.deepEqual(today, { status: 502, calls: 1 });
  assert.equal(planned?.status, 502);
  assert.ok((planned?.calls as number) > 1, `${planned?.calls}`);
});

test('an embedded target starts an AI mock and a SalesTalk, and both end', async () => {
  const { target, processes, tokenSource, secrets } = await open(
    'mine',
    {},
    { flavour: 'planned' },
  );
  const { apiUrl, uiUrl, aiMockControlUrl, tenants } = target;
  const urls = [apiUrl, aiMockControlUrl] as string[];
  for (const url of urls) assert.equal(await isTaken(url), true, url);
  assert.equal(uiUrl, apiUrl);
  // As many as a workload measures at once.
  assert.equal(new Set(tenants).size, 20);
  assert.equal(target.name, 'mine');
  // What it takes to start another one like it.
  const { aiMock, target: salestalk } = processes;
  assert.deepEqual(target.embedded, { aiUrl: aiMock?.url, args: ['--flavour', 'planned'] });
  // What a worker needs to control the mock, and nothing that could sign a token.
  assert.deepEqual(Object.keys(secrets), ['AI_MOCK_CONTROL_TOKEN']);
  assert.equal(tokenSource.SALESTALK_JWT_SECRET?.length, 64);
  assert.ok(!JSON.stringify(target).includes(tokenSource.SALESTALK_JWT_SECRET));
  await Promise.all([aiMock?.stop(), salestalk?.stop()]);
  for (const url of urls) assert.equal(await isTaken(url), false, url);
});
