import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSchema } from '../core/budget/loadSchema.ts';
import { LOAD_OPERATIONS } from '../salestalk/operations.ts';
import { computeLoadCost, type LoadCost } from './workloadCost.ts';

/** What a load of these parts costs, half of its requests classify and half chat. */
function costLoad(parts: object, sampleBudget = 600): LoadCost {
  const load = loadSchema(LOAD_OPERATIONS).parse({
    scenarios: [{ operations: { classify: 1, chat: 1 } }],
    warmUpSeconds: 0,
    ...parts,
  });
  return computeLoadCost('sustained', load, sampleBudget);
}

test('an open load costs what its schedule offers, warm-up included, plus a margin', () => {
  const arrivals = { model: 'constant', rate: 60 };
  assert.deepEqual(costLoad({ arrivals, durationSeconds: 90, warmUpSeconds: 10 }), {
    name: 'sustained',
    requests: 6600,
    requestsPerSecond: 60,
    durationSeconds: 100,
    modelCalls: 9900,
    tokens: null,
  });
});

test('the rate of a load is its highest', () => {
  const arrivals = { model: 'spike', rate: 10, peak: 200, afterSeconds: 5, forSeconds: 2 };
  assert.equal(costLoad({ arrivals, durationSeconds: 30 }).requestsPerSecond, 200);
});

test("a load's own ceiling limits its requests, and with them calls and tokens", () => {
  const cost = costLoad({
    arrivals: { model: 'constant', rate: 60 },
    durationSeconds: 90,
    tokensPerCall: 800,
    ceilings: { requests: 100 },
  });
  assert.deepEqual([cost.requests, cost.modelCalls, cost.tokens], [100, 150, 120_000]);
});

test('users without pauses are limited by the fastest answer alone', () => {
  const users = { users: 20, durationSeconds: 10 };
  assert.equal(costLoad(users).requestsPerSecond, 4000);
  const scenarios = [{ operations: { classify: 1 }, thinkSeconds: { min: 1, max: 2 } }];
  assert.ok(costLoad({ ...users, scenarios }).requestsPerSecond < 20);
});

test('a step of a search lasts as long as its sample budget takes, if that is longer', () => {
  const search = { from: 10, to: 10, stepSeconds: 5 };
  const short = costLoad({ search }, 20).durationSeconds;
  assert.equal(costLoad({ search }, 200).durationSeconds, 4 * short);
});

test('model calls per request are those of the costliest scenario', () => {
  const callsPerRequest = (parts: object): number => {
    const { modelCalls, requests } = costLoad({ users: 1, durationSeconds: 1, ...parts });
    return modelCalls / requests;
  };
  assert.equal(callsPerRequest({}), 1.5);
  const scenarios = [
    { operations: { classify: 3 } },
    { operations: { classify: 1, narrative: 3 } },
  ];
  assert.equal(callsPerRequest({ scenarios }), 1.75);
});
