import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSchema } from '../../core/budget/loadSchema.ts';
import { latencyP95 } from '../../core/testing/objectives.ts';
import { runOf } from '../../core/testing/recordOf.ts';
import { LOAD_OPERATIONS } from '../../salestalk/operations.ts';
import { runContextOf } from '../../testing/runContextOf.ts';
import { costOfLoad, mostCallsPerRequest, refuseCostlyLoads } from './loadCeilings.ts';

const HEADER = runOf([{ ...latencyP95, workload: 'sustained' }]);

function refuse(load: object, parts: object = {}, header = HEADER): void {
  const sustained = loadSchema(LOAD_OPERATIONS).parse({
    scenarios: [{ operations: { chat: 1 } }],
    arrivals: { model: 'constant', rate: 10 },
    durationSeconds: 10,
    warmUpSeconds: 0,
    ...load,
  });
  refuseCostlyLoads(header, { ...runContextOf().target, loads: { sustained }, ...parts });
}

test('calls and tokens of a real model are held to the ceilings of the load; a mocked one is paid nothing', () => {
  const ceilings = { modelCalls: 100 };
  const { supports } = runContextOf().target;
  const paid = { supports: { ...supports, mockedAi: false } };
  assert.throws(() => refuse({ ceilings }, paid), {
    code: 'CEILING_EXCEEDED',
    message: /ceilings → modelCalls[\s\S]*220 planned[\s\S]*at most 100/,
  });
  assert.throws(() => refuse({ ceilings: { tokens: 1000 }, tokensPerCall: 500 }, paid), {
    message: /ceilings → tokens[\s\S]*110000 planned/,
  });
  refuse({ ceilings });
  refuse({ ceilings: { ...ceilings, requests: 50 } }, paid);
  // A load that nothing is judged by is not sent.
  refuse({ ceilings }, paid, runOf([]));
});

const loadOf = (parts: object) =>
  loadSchema(LOAD_OPERATIONS).parse({
    scenarios: [{ operations: { classify: 1, chat: 1 } }],
    warmUpSeconds: 0,
    ...parts,
  });

test('an open load costs what its schedule says, warm-up included, and a little for chance', () => {
  const arrivals = { model: 'constant', rate: 60 };
  const cost = costOfLoad(loadOf({ arrivals, durationSeconds: 90, warmUpSeconds: 10 }), 600);
  assert.deepEqual(cost, {
    requests: 6600,
    requestsPerSecond: 60,
    durationSeconds: 100,
    modelCalls: 9900,
    tokens: null,
  });
});

test('its rate is the highest that it comes to', () => {
  const arrivals = { model: 'spike', rate: 10, peak: 200, afterSeconds: 5, forSeconds: 2 };
  assert.equal(costOfLoad(loadOf({ arrivals, durationSeconds: 30 }), 600).requestsPerSecond, 200);
});

test('nothing is sent beyond a ceiling of its own, and tokens follow the calls', () => {
  const cost = costOfLoad(
    loadOf({
      arrivals: { model: 'constant', rate: 60 },
      durationSeconds: 90,
      tokensPerCall: 800,
      ceilings: { requests: 100 },
    }),
    600,
  );
  assert.deepEqual([cost.requests, cost.modelCalls, cost.tokens], [100, 150, 120_000]);
});

test('users who do not pause may ask as fast as anybody answers', () => {
  const users = { users: 20, durationSeconds: 10 };
  assert.equal(costOfLoad(loadOf(users), 600).requestsPerSecond, 4000);
  const thinkSeconds = { min: 1, max: 2 };
  const pausing = loadOf({
    ...users,
    scenarios: [{ operations: { classify: 1 }, thinkSeconds }],
  });
  assert.ok(costOfLoad(pausing, 600).requestsPerSecond < 20);
});

test('a step of a search lasts as long as its objective needs, where that is longer', () => {
  const search = { from: 10, to: 10, stepSeconds: 5 };
  const short = costOfLoad(loadOf({ search }), 20).durationSeconds;
  assert.equal(costOfLoad(loadOf({ search }), 200).durationSeconds, 4 * short);
});

test('calls are those of the costliest scenario', () => {
  assert.equal(mostCallsPerRequest(loadOf({ users: 1, durationSeconds: 1 })), 1.5);
  const scenarios = [
    { operations: { classify: 3 } },
    { operations: { classify: 1, narrative: 3 } },
  ];
  assert.equal(mostCallsPerRequest(loadOf({ users: 1, durationSeconds: 1, scenarios })), 1.75);
});
