import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUSY_SHOP, saleLoad, shopBudget } from '../testing/shopBudget.ts';
import { readBudget } from './readBudget.ts';
import { resolveObjectives } from './resolveObjectives.ts';

const FILE = 'budgets/shop.json';
const AT = 'loads → sale';

function budgetWith(loads: unknown, objectives: object = {}) {
  const text = JSON.stringify({ ...shopBudget(), loads, objectives });
  return readBudget(text, FILE, BUSY_SHOP);
}

/** Where, what was found and what was expected, of a budget whose load of the sale is this. */
function refusalOf(sale: object): string[] {
  return refusal(() => budgetWith({ sale }));
}

function refusal(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    const lines = (error as Error).message.split('\n');
    const found = lines.filter((line) => /^ {2}(at|found|expected) /.test(line));
    return found.map((line) => line.slice(11));
  }
  return ['accepted'];
}

const [scenario] = saleLoad().scenarios;
const SEARCH = { from: 10, to: 100, stepSeconds: 5 };
const { durationSeconds: _, arrivals: __, ...WITHOUT_PACE } = saleLoad();

test('a load is read, with the defaults filled in', () => {
  const { sale } = budgetWith({ sale: saleLoad() }).loads;
  assert.deepEqual(sale, {
    ...saleLoad(),
    scenarios: [{ share: 1, operations: { search: 3, order: 1 } }],
    warmUpSeconds: 2,
    model: { medianMs: 50, p95Ms: 80 },
    ceilings: {},
  });
  assert.deepEqual(budgetWith(undefined).loads, {});
});

test('each way to pace a load is accepted', () => {
  for (const load of [
    { ...WITHOUT_PACE, users: 5, durationSeconds: 60 },
    { ...WITHOUT_PACE, search: SEARCH },
    {
      ...saleLoad(),
      arrivals: { model: 'ramp', from: 1, to: { messagesPerDay: 9, peakFactor: 1 } },
    },
    {
      ...WITHOUT_PACE,
      scenarios: [{ ...scenario, thinkSeconds: { min: 1, max: 3 } }],
      users: 5,
      durationSeconds: 60,
    },
    { ...saleLoad(), tokensPerCall: 900, ceilings: { tokens: 50_000, modelCalls: 50 } },
  ]) {
    assert.deepEqual(refusalOf(load), ['accepted']);
  }
});

test('a load that is paced in no way, or in two', () => {
  const one = 'exactly one of arrivals, users and search';
  assert.deepEqual(refusalOf({ ...WITHOUT_PACE, durationSeconds: 60 }), [
    AT,
    '{"scenarios":[{"operations":{"search":3,"order":1}}],"durationSeconds":60}',
    one,
  ]);
  assert.deepEqual(refusalOf({ ...saleLoad(), users: 5 }), [`${AT} → users`, '5', one]);
  assert.deepEqual(refusalOf({ ...WITHOUT_PACE, users: 5, search: SEARCH }), [
    `${AT} → search`,
    JSON.stringify(SEARCH),
    one,
  ]);
});

test('a load without an end, and a search with two', () => {
  const at = `${AT} → durationSeconds`;
  const { durationSeconds: _, ...endless } = saleLoad();
  assert.deepEqual(refusalOf(endless), [at, 'nothing', 'for how long, in seconds']);
  assert.deepEqual(refusalOf({ ...WITHOUT_PACE, search: SEARCH, durationSeconds: 60 }), [
    at,
    '60',
    'none, since a search has stepSeconds',
  ]);
});

test('a search that leads nowhere', () => {
  const search = { ...SEARCH, from: 101 };
  assert.deepEqual(refusalOf({ ...WITHOUT_PACE, search }), [
    `${AT} → search`,
    JSON.stringify(search),
    'from no higher than to',
  ]);
});

test('users who think where there are none, and who think backwards', () => {
  const thinking = (thinkSeconds: object) => [{ ...scenario, thinkSeconds }];
  const [at, , expected] = refusalOf({ ...saleLoad(), scenarios: thinking({ min: 1, max: 3 }) });
  assert.deepEqual(
    [at, expected],
    [`${AT} → scenarios`, 'no thinkSeconds: only the users of a closed model think'],
  );
  const closed = { ...WITHOUT_PACE, users: 5, durationSeconds: 60 };
  assert.deepEqual(refusalOf({ ...closed, scenarios: thinking({ min: 3, max: 1 }) }), [
    `${AT} → scenarios → 0 → thinkSeconds`,
    '{"min":3,"max":1}',
    'min no greater than max',
  ]);
});

test('an operation that there is not, or that cannot be sent, and none at all', () => {
  const mixOf = (operations: object) => ({ ...saleLoad(), scenarios: [{ operations }] });
  const at = `${AT} → scenarios → 0 → operations`;
  const known = 'no keys but search, order';
  assert.deepEqual(refusalOf(mixOf({ serch: 1 })), [at, 'unknown key "serch"', known]);
  assert.deepEqual(refusalOf(mixOf({ limit: 1 })), [at, 'unknown key "limit"', known]);
  assert.deepEqual(refusalOf(mixOf({})), [at, '{}', 'at least one operation']);
  assert.deepEqual(refusalOf(mixOf({ search: 0 })), [`${at} → search`, '0', 'more than 0']);
});

test('a ceiling in tokens without their number in a call, and a mocked model that is quicker at its P95', () => {
  assert.deepEqual(refusalOf({ ...saleLoad(), ceilings: { tokens: 50_000 } }), [
    `${AT} → tokensPerCall`,
    'nothing',
    'a number, since tokens have a ceiling',
  ]);
  assert.deepEqual(refusalOf({ ...saleLoad(), model: { medianMs: 80, p95Ms: 80 } }), [
    `${AT} → model`,
    '{"medianMs":80,"p95Ms":80}',
    'a P95 above the median',
  ]);
});

test('a rate and a model of arrivals that there are not, at the place where they stand', () => {
  const withRate = (rate: unknown) =>
    refusalOf({ ...saleLoad(), arrivals: { model: 'constant', rate } });
  const atRate = `${AT} → arrivals → rate`;
  assert.deepEqual(withRate(-1), [atRate, '-1', 'more than 0']);
  assert.deepEqual(withRate('60/s'), [
    atRate,
    '"60/s"',
    'a number above 0, or { messagesPerDay, peakFactor }',
  ]);
  const [at, , expected] = refusalOf({ ...saleLoad(), arrivals: { model: 'sawtooth', rate: 1 } });
  assert.equal(at, `${AT} → arrivals → model`);
  assert.equal(expected, 'a model: "constant", "poisson", "ramp", "steps", "spike" or "soak"');
});

test('a load that no objective could be judged under', () => {
  assert.deepEqual(
    refusal(() => budgetWith({ clearance: saleLoad() })),
    ['loads', 'unknown key "clearance"', 'no keys but sale, limit'],
  );
});

test('an objective under a load that is not described, or not as its objective takes it', () => {
  const objectives = {
    'sale.latency.p95': { belowMs: 200, sampleBudget: 600 },
    'limit.rate': { aboveRate: 30, p95BelowMs: 200, sampleBudget: 600 },
  };
  const resolve = (loads: object) => () =>
    resolveObjectives(budgetWith(loads, objectives), FILE, BUSY_SHOP);
  const search = { ...WITHOUT_PACE, search: SEARCH };
  assert.deepEqual(refusal(resolve({ limit: search })), [
    'loads → sale',
    'nothing',
    'a load with arrivals or users',
  ]);
  assert.deepEqual(refusal(resolve({ sale: search, limit: search })), [
    'loads → sale',
    'a load with a search',
    'a load with arrivals or users',
  ]);
  assert.deepEqual(refusal(resolve({ sale: saleLoad(), limit: saleLoad() })), [
    'loads → limit',
    'a load without a search',
    'a load with a search',
  ]);
  const brief = { ...saleLoad(), durationSeconds: 3 };
  assert.deepEqual(refusal(resolve({ sale: brief, limit: search })).slice(0, 2), [
    'loads → sale',
    '60 requests to judge',
  ]);
  const { notMeasured } = resolve({ sale: saleLoad(), limit: search })();
  assert.deepEqual(
    notMeasured.map(({ id, reason }) => [id, reason]),
    [
      ['sale.latency.p95', 'the budget of the target allows no load'],
      ['limit.rate', 'the budget of the target allows no load'],
    ],
  );
});

test('an objective on a rate takes what the rate is kept by, and no other does', () => {
  const read = (id: string, objective: object) =>
    refusal(() => budgetWith({}, { [id]: objective }));
  assert.deepEqual(read('limit.rate', { aboveRate: 30, sampleBudget: 600 }), [
    'objectives → "limit.rate" → p95BelowMs',
    'nothing',
    'a number',
  ]);
  const [, found] = read('sale.latency.p95', { belowMs: 200, p95BelowMs: 200, sampleBudget: 600 });
  assert.equal(found, 'unknown key "p95BelowMs"');
});
