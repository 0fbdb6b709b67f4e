import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarnessError } from '../core/harnessError.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { sendJson } from '../probes/testing/fakeServer.ts';
import { chatBody, errorBody, streamEvents } from '../salestalk/testing/exchanges.ts';
import { catchMessage } from '../testing/catchMessage.ts';
import { CONTROL_TOKEN, fakeAiMock } from '../testing/fakeAiMock.ts';
import { type FakeSalesTalkOptions, fakeSalesTalk, tokenOf } from '../testing/fakeSalesTalk.ts';
import { runContextOf } from '../testing/runContextOf.ts';
import { checkClaim, checkClaims } from './checkClaims.ts';

const TENANT = 'acme-corp-001';
const ALL = { api: true, ui: false, streaming: true, mockedAi: true, serverMetrics: true };
const NONE = { ...ALL, streaming: false, mockedAi: false, serverMetrics: false };
type Instead = NonNullable<FakeSalesTalkOptions['instead']>;

/** The answers of a SalesTalk that supports all claims. */
const streams: Instead = ({ path }, response) => {
  if (path === '/metrics') {
    response.end('nodejs_heap_size_used_bytes 1000\n');
    return true;
  }
  if (response.req.headers.accept !== 'application/x-ndjson') return false;
  response.end(
    streamEvents()
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  );
  return true;
};

type Trial = {
  supports?: Partial<typeof ALL>;
  instead?: Instead;
  /** False: its calls of the model go elsewhere. */
  isMocked?: boolean;
  paidModelCalls?: number;
};

/** The message of the check, null if it succeeds, and the paths that it asked. */
async function tryClaims(trial: Trial): Promise<{ message: string | null; asked: string[] }> {
  const { supports = ALL, instead = streams, isMocked = true, paidModelCalls = 0 } = trial;
  await using mock = await fakeAiMock();
  await using salestalk = await fakeSalesTalk({ instead, ...(isMocked ? { aiMock: mock } : {}) });
  const { target } = runContextOf();
  const message = await catchMessage(() =>
    checkClaims({
      target: {
        http: target.http,
        apiUrl: salestalk.url,
        supports: { ...NONE, ...supports },
        ceilings: { ...target.ceilings, paidModelCalls },
      },
      budgetFile: 'budgets/x.json',
      tokens: new Map([[TENANT, tokenOf(TENANT)]]),
      aiMock: new AiMockControl(mock.url, CONTROL_TOKEN),
    }),
  );
  assert.equal(message?.includes(tokenOf(TENANT)) ?? false, false);
  return { message, asked: salestalk.asked.map(({ path }) => path) };
}

test('a target that supports what its budget says is asked once for each claim', async () => {
  const { message, asked } = await tryClaims({});
  assert.deepEqual([message, asked], [null, ['/metrics', '/classify', '/chat']]);
  assert.deepEqual((await tryClaims({ supports: NONE })).asked, []);
});

test('a stream request answered with plain JSON is refused with the key, the answer and the remedy', async () => {
  const plain: Instead = ({ path }, response) => {
    if (path !== '/chat') return false;
    sendJson(response, 200, chatBody());
    return true;
  };
  const { message } = await tryClaims({
    supports: { streaming: true, mockedAi: true },
    instead: plain,
  });
  const lines = (message ?? '').split('\n');
  assert.deepEqual(
    [lines[0], lines[1], lines[2]],
    [
      'BUDGET_INVALID: budgets/x.json says that the target streams its answers, and it does not.',
      '  file     budgets/x.json',
      '  where    supports → streaming',
    ],
  );
  assert.match(
    lines[3] ?? '',
    /^ {2}found {4}POST \/chat with Accept: application\/x-ndjson: 200 "\{.*Revenue.*" \(line 1 is no event\)$/,
  );
  assert.ok((lines[3] ?? '').length < 400);
  assert.match(lines.at(-1) ?? '', /set supports → streaming to false in budgets\/x\.json/);
});

test('a stream request answered with an error status is refused', async () => {
  const refused: Instead = (_, response) => {
    sendJson(response, 406, { error: 'NotAcceptable' });
    return true;
  };
  const { message } = await tryClaims({
    supports: { streaming: true },
    instead: refused,
    paidModelCalls: 9,
  });
  assert.match(message ?? '', /406 "\{\\"error\\":\\"NotAcceptable\\"\}"$/m);
});

test('a question that does not reach the AI mock is refused', async () => {
  const { message } = await tryClaims({ isMocked: false, supports: { mockedAi: true } });
  assert.match(
    message ?? '',
    /^BUDGET_INVALID: budgets\/x\.json says that the model of the target is the AI mock/,
  );
  assert.match(message ?? '', /^ {2}where {4}supports → mockedAi$/m);
  assert.match(message ?? '', /found {4}POST \/classify: 200 "\{.*, and no call with the nonce/);
  assert.match(message ?? '', /OLLAMA_BASE_URL.*supports → mockedAi to false/);
});

test('metrics without the heap are refused', async () => {
  const python: Instead = ({ path }, response) => {
    if (path !== '/metrics') return false;
    response.end('process_resident_memory_bytes 1000\n');
    return true;
  };
  const { message } = await tryClaims({ supports: { serverMetrics: true }, instead: python });
  assert.match(message ?? '', /^ {2}where {4}supports → serverMetrics$/m);
  assert.match(message ?? '', /found {4}GET \/metrics: 200 "process_resident_memory_bytes 1000/);
});

test('a target that fails now and then is accepted; one that always fails is not healthy', async () => {
  const failing = (times: number): Instead => {
    let left = times;
    return (asked, response) => {
      if (asked.path === '/metrics' || left-- <= 0) return streams(asked, response);
      sendJson(response, 502, errorBody());
      return true;
    };
  };
  assert.equal((await tryClaims({ instead: failing(2) })).message, null);
  const streamed = { supports: { streaming: true }, paidModelCalls: 9 };
  const { message } = await tryClaims({ ...streamed, instead: failing(9) });
  assert.match(
    message ?? '',
    /^TARGET_UNHEALTHY: SalesTalk did not answer a question in 3 attempts/,
  );
});

test('a real model is not called more often than the budget allows', async () => {
  const supports = { streaming: true };
  assert.deepEqual((await tryClaims({ supports, paidModelCalls: 1 })).asked, []);
  assert.deepEqual((await tryClaims({ supports, paidModelCalls: 2 })).asked, ['/chat']);
});

test('the error of a foreign target also names the claim to give up', async () => {
  const details = { summary: 'What answers there is not a page.', remedy: 'Check the URL.' };
  const foreign = new HarnessError({ code: 'TARGET_FOREIGN', ...details });
  await assert.rejects(
    checkClaim('ui', 'budgets/x.json', () => Promise.reject(foreign)),
    {
      code: 'TARGET_FOREIGN',
      message: /Check the URL\. Or set supports → ui to false in budgets\/x\.json/,
    },
  );
  const down = new HarnessError({ code: 'TARGET_UNREACHABLE', ...details });
  await assert.rejects(
    checkClaim('ui', 'budgets/x.json', () => Promise.reject(down)),
    down,
  );
});
