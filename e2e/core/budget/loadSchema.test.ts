import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { refusalMessage } from '../../testing/catchMessage.ts';
import { BUSY_SHOP, saleLoad, shopBudget } from '../testing/shopBudget.ts';
import {
  type ArrivalModel,
  arrivalModelSchema,
  describeArrivals,
  describeRate,
  expectedRequests,
  highestRate,
  perSecond,
  rateProfile,
  rateSchema,
} from './arrivalModel.ts';
import { mostExpensiveSteps, nextRate, nextRateFor, type TriedRate } from './rateSearch.ts';
import { readBudget } from './readBudget.ts';
import { resolveObjectives } from './resolveObjectives.ts';

const FILE = 'budgets/shop.json';
const AT = 'loads → sale';

function budgetWith(loads: unknown, objectives: object = {}) {
  const text = JSON.stringify({ ...shopBudget(), loads, objectives });
  return readBudget(text, FILE, BUSY_SHOP).budget;
}

/** Where, what was found and what was expected, of a budget whose load of the sale is this. */
function refusalOf(sale: object): string[] {
  return refusal(() => budgetWith({ sale }));
}

function refusal(read: () => unknown): string[] {
  const message = refusalMessage(read);
  if (message === 'accepted') return [message];
  const lines = message.split('\n').filter((line) => /^ {2}(where|found|expected) /.test(line));
  return lines.map((line) => line.slice(11));
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

test('a load with no workload model, or with two, is refused', () => {
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

test('a load without a duration, and a search with one, are refused', () => {
  const at = `${AT} → durationSeconds`;
  const { durationSeconds: _, ...endless } = saleLoad();
  assert.deepEqual(refusalOf(endless), [at, 'nothing', 'for how long, in seconds']);
  assert.deepEqual(refusalOf({ ...WITHOUT_PACE, search: SEARCH, durationSeconds: 60 }), [
    at,
    '60',
    'none, since a search has stepSeconds',
  ]);
});

test('a search with impossible rates or steps is refused', () => {
  const search = { ...SEARCH, from: 101 };
  assert.deepEqual(refusalOf({ ...WITHOUT_PACE, search }), [
    `${AT} → search`,
    JSON.stringify(search),
    'from no higher than to',
  ]);
});

test('think times without users, or with min above max, are refused', () => {
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

test('an operation that does not exist or cannot be sent, and an empty mix, are refused', () => {
  const mixOf = (operations: object) => ({ ...saleLoad(), scenarios: [{ operations }] });
  const at = `${AT} → scenarios → 0 → operations`;
  const known = 'no keys but search, order';
  assert.deepEqual(refusalOf(mixOf({ serch: 1 })), [at, 'unknown key "serch"', known]);
  assert.deepEqual(refusalOf(mixOf({ limit: 1 })), [at, 'unknown key "limit"', known]);
  assert.deepEqual(refusalOf(mixOf({})), [at, '{}', 'at least one operation']);
  assert.deepEqual(refusalOf(mixOf({ search: 0 })), [`${at} → search`, '0', 'more than 0']);
});

test('a token ceiling without tokensPerCall, and a model with a P95 below its median, are refused', () => {
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

test('a wrong rate and an unknown arrival model are refused with their place', () => {
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

test('a load that no objective uses is refused', () => {
  assert.deepEqual(
    refusal(() => budgetWith({ clearance: saleLoad() })),
    ['loads', 'unknown key "clearance"', 'no keys but sale, limit'],
  );
});

test('an objective whose load is missing, or of the wrong kind, is refused', () => {
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

test('only an objective on a rate has a P95 limit', () => {
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

const steady = (seconds: number, rate: number) => ({ seconds, from: rate, to: rate });

test('each arrival model has its rate profile', () => {
  const cases: [ArrivalModel, ReturnType<typeof rateProfile>][] = [
    [{ model: 'constant', rate: 60 }, [steady(90, 60)]],
    [{ model: 'poisson', rate: 60 }, [steady(90, 60)]],
    [{ model: 'ramp', from: 10, to: 60 }, [{ seconds: 90, from: 10, to: 60 }]],
    [{ model: 'steps', rates: [10, 20, 40] }, [steady(30, 10), steady(30, 20), steady(30, 40)]],
    [
      { model: 'spike', rate: 10, peak: 80, afterSeconds: 20, forSeconds: 5 },
      [steady(20, 10), steady(5, 80), steady(65, 10)],
    ],
    [
      { model: 'soak', rate: 20, rampSeconds: 30 },
      [{ seconds: 30, from: 0, to: 20 }, steady(60, 20)],
    ],
  ];
  for (const [arrivals, profile] of cases) {
    assert.deepEqual(rateProfile(arrivals, 90), profile, arrivals.model);
  }
});

test('a spike or ramp beyond the duration is cut off', () => {
  const spike = { model: 'spike', rate: 10, peak: 80, afterSeconds: 20, forSeconds: 50 } as const;
  assert.deepEqual(rateProfile(spike, 30), [steady(20, 10), steady(10, 80)]);
  assert.deepEqual(rateProfile(spike, 15), [steady(15, 10)]);
  const soak = { model: 'soak', rate: 20, rampSeconds: 60 } as const;
  assert.deepEqual(rateProfile(soak, 30), [{ seconds: 30, from: 0, to: 10 }]);
});

test('every profile lasts as long as the load', () => {
  const rate = fc.double({ min: 0.1, max: 500, noNaN: true });
  const seconds = fc.double({ min: 0.1, max: 300, noNaN: true });
  const model = fc.oneof(
    fc.record({ model: fc.constant('ramp' as const), from: rate, to: rate }),
    fc.record({
      model: fc.constant('steps' as const),
      rates: fc.array(rate, { minLength: 2, maxLength: 9 }),
    }),
    fc.record({
      model: fc.constant('spike' as const),
      rate,
      peak: rate,
      afterSeconds: seconds,
      forSeconds: seconds,
    }),
    fc.record({ model: fc.constant('soak' as const), rate, rampSeconds: seconds }),
  );
  fc.assert(
    fc.property(model, seconds, (arrivals, durationSeconds) => {
      const pieces = rateProfile(arrivals, durationSeconds);
      const lasts = pieces.reduce((sum, piece) => sum + piece.seconds, 0);
      assert.ok(Math.abs(lasts - durationSeconds) < 1e-9 * durationSeconds);
      assert.ok(pieces.every((piece) => piece.seconds > 0));
      assert.ok(expectedRequests(pieces) <= highestRate(pieces) * durationSeconds * (1 + 1e-9));
    }),
    { seed: 6 },
  );
});

test('the expected number of requests is the area under the rate', () => {
  assert.equal(expectedRequests(rateProfile({ model: 'ramp', from: 10, to: 30 }, 60)), 1200);
  const spike = { model: 'spike', rate: 10, peak: 80, afterSeconds: 20, forSeconds: 5 } as const;
  assert.equal(expectedRequests(rateProfile(spike, 60)), 200 + 400 + 350);
  assert.equal(highestRate(rateProfile(spike, 60)), 80);
  assert.equal(highestRate([]), 0);
});

test('each arrival model is described with the arithmetic of its rates', () => {
  for (const [arrivals, words] of [
    [{ model: 'constant', rate: 60 }, '60/s'],
    [{ model: 'poisson', rate: 60 }, '60/s, at random (Poisson)'],
    [{ model: 'ramp', from: 10, to: 60 }, 'from 10/s to 60/s'],
    [{ model: 'steps', rates: [10, 20] }, 'in steps of 10/s, 20/s'],
    [
      { model: 'spike', rate: 10, peak: 80, afterSeconds: 20, forSeconds: 5 },
      '10/s, after 20 s 80/s for 5 s',
    ],
    [{ model: 'soak', rate: 20, rampSeconds: 30 }, '20/s after a ramp of 30 s'],
  ] satisfies [ArrivalModel, string][]) {
    assert.equal(describeArrivals(arrivals), words);
  }
});

test('an unknown arrival model, or one with missing or extra keys, is refused', () => {
  const refusal = (arrivals: object) =>
    arrivalModelSchema.safeParse(arrivals).error?.issues[0]?.message;
  const models = 'a model: "constant", "poisson", "ramp", "steps", "spike" or "soak"';
  assert.equal(refusal({ model: 'sawtooth', rate: 1 }), models);
  assert.equal(refusal({ rate: 1 }), models);
  for (const wrong of [
    { model: 'ramp', from: 10 },
    { model: 'constant', rate: 10, to: 20 },
    { model: 'steps', rates: [10] },
    { model: 'spike', rate: 10, peak: 80, afterSeconds: 0, forSeconds: 5 },
  ]) {
    assert.notEqual(refusal(wrong), undefined, JSON.stringify(wrong));
  }
});

test('a rate is a number, or follows from the messages of a day', () => {
  assert.equal(perSecond(60), 60);
  assert.equal(describeRate(60), '60/s');
  const demand = { messagesPerDay: 500_000, peakFactor: 4 };
  assert.equal(perSecond(demand), (500_000 / 86_400) * 4);
  assert.equal(describeRate(demand), '500,000 messages a day ÷ 86,400 s × 4 at the peak = 23.1/s');
});

test('a wrong rate is refused with what a rate is', () => {
  for (const wrong of ['60', null, {}, { messagesPerDay: 500_000 }, { perDay: 1 }]) {
    const { error } = rateSchema.safeParse(wrong);
    assert.deepEqual(
      error?.issues.map(({ message }) => message),
      ['a number above 0, or { messagesPerDay, peakFactor }'],
      JSON.stringify(wrong),
    );
  }
  for (const wrong of [
    0,
    -1,
    { messagesPerDay: 0.5, peakFactor: 4 },
    { messagesPerDay: 500_000, peakFactor: 0.5 },
    { messagesPerDay: 500_000, peakFactor: 4, users: 3 },
  ]) {
    assert.equal(rateSchema.safeParse(wrong).success, false);
  }
});

const KNEE_SEARCH = { from: 20, to: 400, stepSeconds: 8 };

/** Searches a service that keeps every rate below its knee; `settles` says whether a step settled anything. */
function search(knee: number, settles: (step: number) => boolean = () => true): TriedRate[] {
  const tried: TriedRate[] = [];
  for (
    let rate = nextRate(KNEE_SEARCH, tried);
    rate !== null;
    rate = nextRate(KNEE_SEARCH, tried)
  ) {
    tried.push({ ratePerSecond: rate, kept: settles(tried.length) ? rate < knee : null });
  }
  return tried;
}

test('the search finds the knee to within a tenth', () => {
  const knees = fc.double({ min: 20.5, max: 399, noNaN: true });
  const property = fc.property(knees, (knee) => {
    const tried = search(knee);
    const kept = Math.max(...tried.filter((one) => one.kept).map((one) => one.ratePerSecond));
    const not = Math.min(...tried.filter((one) => !one.kept).map((one) => one.ratePerSecond));
    assert.ok(kept < knee && knee <= not && not / kept <= 1.15, `${kept} … ${not} of ${knee}`);
  });
  fc.assert(property, { seed: 1 });
});

test('the search ends at the highest rate if all are kept, and at once if none is', () => {
  assert.deepEqual(
    search(1000).map(({ ratePerSecond }) => ratePerSecond),
    [20, 30, 45, 68, 102, 153, 230, 345, 400],
  );
  assert.deepEqual(search(5), [{ ratePerSecond: 20, kept: false }]);
});

test('with undecided rates the search still ends, and tries no rate twice or above the highest', () => {
  const property = fc.property(
    fc.double({ min: 1, max: 500, noNaN: true }),
    fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
    (knee, settled) => {
      const rates = search(knee, (step) => settled[step] === true).map((one) => one.ratePerSecond);
      assert.ok(rates.length <= 16 && Math.max(...rates) <= 400);
      assert.equal(new Set(rates).size, rates.length);
    },
  );
  fc.assert(property, { seed: 1 });
});

test('no search takes more steps, or higher rates, than the most expensive one', () => {
  const property = fc.property(fc.double({ min: 1, max: 500, noNaN: true }), (knee) => {
    const sumOf = (steps: { ratePerSecond: number }[]) =>
      steps.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0);
    assert.ok(sumOf(search(knee)) <= sumOf(mostExpensiveSteps(KNEE_SEARCH)));
  });
  fc.assert(property, { seed: 1 });
});

test('the wanted rate is tried at the end only if it is still undecided', () => {
  const tried: TriedRate[] = [
    { ratePerSecond: 20, kept: true },
    { ratePerSecond: 30, kept: true },
    { ratePerSecond: 45, kept: null },
    { ratePerSecond: 68, kept: false },
    { ratePerSecond: 37, kept: null },
    { ratePerSecond: 33, kept: null },
  ];
  assert.equal(nextRate(KNEE_SEARCH, tried), null);
  assert.equal(nextRateFor(60, KNEE_SEARCH, tried), 60);
  assert.equal(nextRateFor(60, KNEE_SEARCH, [...tried, { ratePerSecond: 60, kept: null }]), null);
  assert.equal(nextRateFor(25, KNEE_SEARCH, tried), null);
  assert.equal(nextRateFor(80, KNEE_SEARCH, tried), null);
  assert.equal(nextRateFor(500, KNEE_SEARCH, [{ ratePerSecond: 400, kept: true }]), null);
});
