import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { sendJson } from '../probes/testing/fakeServer.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { catchMessage } from '../testing/catchMessage.ts';
import { CONTROL_TOKEN, type FakeAiMock, fakeAiMock } from '../testing/fakeAiMock.ts';
import {
  type FakeSalesTalk,
  type FakeSalesTalkOptions,
  fakeSalesTalk,
  tokenOf,
} from '../testing/fakeSalesTalk.ts';
import { measurePairs, measureRequest, type PairsOptions, warmUp } from './measurePairs.ts';
import type { SideName } from './metrics.ts';

const SCOPES = { baseline: 'aaaaaaaa', candidate: 'bbbbbbbb' };
const SEQUENTIAL_SCOPES = { baseline: 'cccccccc', candidate: 'dddddddd' };

type Servers = {
  aiMock: FakeAiMock;
  servers: Record<SideName, FakeSalesTalk>;
  options: PairsOptions;
};

/** Runs `use` with two fakes of SalesTalk and a fake AI mock for both. */
async function withSides(
  candidate: FakeSalesTalkOptions & { ended?: () => string | null; seesCalls?: boolean },
  use: (given: Servers) => Promise<void>,
): Promise<void> {
  await using aiMock = await fakeAiMock();
  await using one = await fakeSalesTalk({ aiMock });
  await using other = await fakeSalesTalk(
    candidate.seesCalls === false ? candidate : { aiMock, ...candidate },
  );
  await using closing = new AsyncDisposableStack();
  const control = new AiMockControl(aiMock.url, CONTROL_TOKEN);
  const scopes = [...Object.values(SCOPES), ...Object.values(SEQUENTIAL_SCOPES)];
  for (const scope of scopes) await control.setBehaviours(scope, 1, []);
  const sideOf = (name: SideName, { url }: FakeSalesTalk, ended: () => string | null) => {
    const api = new ApiClient({ url, tokenOf });
    closing.defer(() => api.close());
    return { name, apis: [api] as [ApiClient], tokenOf, pageUrl: null, ended };
  };
  const options: PairsOptions = {
    sides: {
      baseline: sideOf('baseline', one, () => null),
      candidate: sideOf('candidate', other, candidate.ended ?? (() => null)),
    },
    aiMock: control,
    scopes: SCOPES,
    sequentialScopes: SEQUENTIAL_SCOPES,
    tenants: ['acme-corp-001', 'techstart-inc-002'],
    draw: seededDraw(1),
    firstBlock: 3,
    maxRequestsPerSecond: null,
    maxSent: 4,
    untilMs: Number.POSITIVE_INFINITY,
    isClear: () => false,
    isSequentialClear: () => false,
    onProgress: () => undefined,
  };
  await use({ aiMock, servers: { baseline: one, candidate: other }, options });
}

test('both sides get the same requests, five of each operation a block, and their calls are counted', async () => {
  await withSides({}, async ({ servers, options }) => {
    const { pairs, failed, disturbed, endedEarly } = await measurePairs(options);
    assert.equal(pairs.length + disturbed, 4);
    assert.deepEqual([failed, endedEarly], [0, false]);
    for (const { candidate } of pairs) {
      const count = (operation: string) =>
        [candidate.requests, candidate.sequential].map(
          (requests) => requests.filter((request) => request.operation === operation).length,
        );
      assert.deepEqual(
        [count('classify'), count('chat')],
        [
          [5, 5],
          [5, 5],
        ],
      );
      for (const { operation, calls } of [...candidate.requests, ...candidate.sequential]) {
        assert.equal(calls, operation === 'chat' ? 2 : 1);
      }
    }
    const shown = ({ asked }: FakeSalesTalk) =>
      asked
        .toSorted((a, b) => a.index - b.index)
        .map(({ index, path, tenant }) => `${index} ${path} ${tenant}`);
    assert.deepEqual(shown(servers.candidate), shown(servers.baseline));
    assert.match(shown(servers.candidate)[0] ?? '', /^30 \/chat/, 'blocks are counted on');
  });
});

test('once own times are clear, no more requests are sent one at a time', async () => {
  await withSides({}, async ({ options }) => {
    const isSequentialClear = () => true;
    const { pairs } = await measurePairs({ ...options, maxSent: 20, isSequentialClear });
    for (const name of ['baseline', 'candidate'] as const) {
      assert.equal(pairs[0]?.[name].sequential.length, 10);
      assert.equal(pairs.at(-1)?.[name].sequential.length, 0);
      assert.equal(pairs.at(-1)?.[name].requests.length, 10);
    }
  });
});

test('requests that are sent one at a time go to both sides in turns', async () => {
  await withSides({}, async ({ options }) => {
    const order: string[] = [];
    for (const name of ['baseline', 'candidate'] as const) {
      const [api] = options.sides[name].apis;
      const ask = api.ask.bind(api);
      api.ask = async (operation, asked) => {
        const isSequential = asked.place.scope === SEQUENTIAL_SCOPES[name];
        if (isSequential) order.push(`${name} begins`);
        const observed = await ask(operation, asked);
        if (isSequential) order.push(`${name} ends`);
        return observed;
      };
    }
    await measurePairs({ ...options, maxSent: 1 });
    const [first, , second] = order;
    assert.notEqual(first, second);
    const turn = order.slice(0, 4);
    assert.deepEqual(order, Array.from({ length: 10 }, () => turn).flat());
    assert.deepEqual(
      turn.map((step) => step.split(' ')[1]),
      ['begins', 'ends', 'begins', 'ends'],
    );
  });
});

/** Which side answered first in each pair. */
async function ordersOf(seed: number): Promise<string> {
  let orders = '';
  await withSides({}, async ({ servers, options }) => {
    let first: string | null = null;
    for (const name of ['baseline', 'candidate'] as const) {
      const [api] = options.sides[name].apis;
      const ask = api.ask.bind(api);
      api.ask = (operation, asked) => {
        if (asked.place.scope === SCOPES[name] && asked.place.index % 10 === 0) {
          orders += first === null ? name[0] : '';
          first = first === null ? name : null;
        }
        return ask(operation, asked);
      };
    }
    assert.ok(servers.baseline.url !== servers.candidate.url);
    await measurePairs({ ...options, draw: seededDraw(seed), maxSent: 6 });
  });
  return orders;
}

test('the order within the pairs is random and follows from the seed', async () => {
  const [one, again, other] = await Promise.all([ordersOf(1), ordersOf(1), ordersOf(9)]);
  assert.match(one, /^(?=.*b)(?=.*c)[bc]{6}$/);
  assert.equal(again, one);
  assert.notEqual(other, one);
});

test('a pair with a failed request is counted and left out', async () => {
  let failures = 1;
  const instead: FakeSalesTalkOptions['instead'] = ({ path }, response) => {
    if (path !== '/chat' || failures === 0) return false;
    failures -= 1;
    sendJson(response, 500, { error: 'x', message: 'x', requestId: 'x' });
    return true;
  };
  await withSides({ instead }, async ({ options }) => {
    const measured = await measurePairs(options);
    assert.equal(measured.failed, 1);
    assert.equal(measured.pairs.length + measured.disturbed, 3);
    assert.deepEqual(measured.failures, { baseline: 0, candidate: 1 });
  });
});

test('a side that fails more than a few requests, or answers another tenant, ends the comparison with its name', async () => {
  for (const [instead, found] of [
    [
      (_, response) => {
        sendJson(response, 500, {});
        return true;
      },
      /\w+: status 500/,
    ],
    [
      ({ tenant }, response) => {
        const body = { classification: {}, requestId: 'x', tenantId: `not-${tenant}` };
        sendJson(response, 200, body);
        return true;
      },
      /invalid answer/,
    ],
  ] satisfies [FakeSalesTalkOptions['instead'], RegExp][]) {
    await withSides({ instead }, async ({ options }) => {
      const message = await catchMessage(() => measurePairs(options));
      assert.match(message ?? '', /^COMPARISON_INVALID: The candidate failed, so the comparison/);
      assert.match(message ?? '', found);
    });
  }
});

test('a side whose process ends is named with the status of its end', async () => {
  let blocks = 0;
  const ended = () => (++blocks > 2 ? 'the candidate ended: SIGKILL' : null);
  await withSides({ ended }, async ({ options }) => {
    const message = await catchMessage(() => measurePairs(options));
    assert.match(message ?? '', /The candidate failed.*\n +found +the candidate ended: SIGKILL/);
  });
});

test('measuring ends when all is clear, or when the time is over', async () => {
  await withSides({}, async ({ options }) => {
    const early = await measurePairs({ ...options, maxSent: 30, isClear: () => true });
    assert.equal(early.endedEarly, true);
    assert.equal(early.pairs.length + early.disturbed, 10);
    const late = await measurePairs({ ...options, maxSent: 30, untilMs: 0, firstBlock: 50 });
    assert.equal(late.pairs.length + late.disturbed, 1);
  });
});

test('a stall of the harness drops the pair', async () => {
  await withSides({}, async ({ options }) => {
    let asked = 0;
    const [api] = options.sides.baseline.apis;
    const ask = api.ask.bind(api);
    api.ask = (...given) => {
      asked += 1;
      const untilMs = performance.now() + (asked === 5 ? 300 : 0);
      while (performance.now() < untilMs);
      return ask(...given);
    };
    const { pairs, disturbed } = await measurePairs({ ...options, maxSent: 2 });
    assert.ok(disturbed >= 1);
    assert.equal(pairs.length + disturbed, 2);
  });
});

test('the warm-up names the sides of which the AI mock sees no call', async () => {
  await withSides({}, async ({ options }) => assert.deepEqual(await warmUp(1, options), []));
  await withSides({ seesCalls: false }, async ({ options }) =>
    assert.deepEqual(await warmUp(1, options), ['candidate']),
  );
});

const observed = {
  sentAtMs: 1000,
  connectionReused: true,
  status: 200,
  failure: null,
  requestId: 'x',
  values: { latencyMs: 60 },
  checks: {},
  objection: null,
  answer: null,
  heldMs: 0,
};
const asked = { operation: 'chat', index: 0, observed } as const;
const tokens = { promptTokens: 100, answerTokens: 10 };

test('a narrative begins when the last classification has ended, and own time leaves all calls out', () => {
  const measured = measureRequest(asked, [
    { kind: 'classification', arrivedAtMs: 1002, endedAtMs: 1012, ...tokens },
    { kind: 'classification', arrivedAtMs: 1013, endedAtMs: 1023, ...tokens },
    { kind: 'narrative', arrivedAtMs: 1025, endedAtMs: 1050, ...tokens },
  ]);
  assert.deepEqual(measured, {
    operation: 'chat',
    latencyMs: 60,
    narrativeMs: 37,
    ownMs: 15,
    calls: 3,
    tokens: 330,
  });
});

test('without model calls all of the time is own time', () => {
  const { narrativeMs, ownMs, calls } = measureRequest(asked, []);
  assert.deepEqual([narrativeMs, ownMs, calls], [60, 60, 0]);
});
