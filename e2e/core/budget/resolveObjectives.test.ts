import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS, type MetricName } from '../../metrics/metrics.ts';
import { refusalMessage } from '../../testing/catchMessage.ts';
import type { HarnessError } from '../harnessError.ts';
import { tallyEvents } from '../statistics/eventTally.ts';
import { expectedSampling, smallestToPass } from '../statistics/sampleSize.ts';
import { shareTest } from '../statistics/shareTest.ts';
import { assertCloseTo } from '../testing/closeTo.ts';
import { availability, latencyP95 } from '../testing/objectives.ts';
import { BROKEN_SHOP, SHOP, type ShopBudget, shopBudget } from '../testing/shopBudget.ts';
import { expectedJudged, type Load, loadSchema, planWindowSize } from './loadSchema.ts';
import type { Objective } from './objective.ts';
import { type InheritedFrom, readBudget } from './readBudget.ts';
import { type ResolvedObjectives, resolveObjectives } from './resolveObjectives.ts';
import { assertSamplingSuffices, loadShortfall } from './sampleBudget.ts';

const FILE = 'budgets/shop.json';

function resolve(
  change: (budget: ShopBudget) => void = () => undefined,
  catalogue = SHOP,
  inheritedFrom?: InheritedFrom,
): ResolvedObjectives {
  const budget = shopBudget();
  change(budget);
  const { budget: read } = readBudget(JSON.stringify(budget), FILE, catalogue);
  return resolveObjectives(read, FILE, catalogue, inheritedFrom);
}

/** Sets one objective of the budget. */
function withObjective(id: string, objective: Record<string, unknown>) {
  return (budget: ShopBudget) => {
    budget.objectives[id] = objective;
  };
}

test('an objective becomes a limit on the share of bad events', () => {
  const { objectives, notMeasured } = resolve();
  assert.deepEqual(notMeasured, []);
  assert.deepEqual(
    objectives.map(({ id, objective, unit, quantile, allowedShare }) => [
      id,
      objective,
      unit,
      quantile,
      allowedShare,
    ]),
    [
      ['search.latency.p50', 1000, 'ms', 0.5, 0.5],
      ['search.latency.p95', 2000, 'ms', 0.95, 0.05],
      ['search.ownTime.p95', 50, 'ms', 0.95, 0.05],
      ['search.modelCalls.perRequest', 1, 'calls', null, 0],
      ['shop.availability', 0.95, 'share', null, 0.05],
    ],
  );
  assert.deepEqual(objectives.at(-1), {
    id: 'shop.availability',
    operation: 'shop',
    workload: null,
    fault: null,
    spans: true,
    gap: null,
    metric: METRICS.availability,
    unit: 'share',
    quantile: null,
    sampleBudget: 65,
    onInconclusive: 'report',
    objective: 0.95,
    allowedShare: 0.05,
  });
  assert.equal(objectives[0]?.workload, 'browsing');
});

test('objectives whose needs the target lacks are listed as not measured, with the reason', () => {
  const withoutMock = resolve((budget) => {
    budget.supports.mockedAi = false;
  });
  const reason = 'target does not use the mocked AI, so calls of the model cannot be seen';
  assert.deepEqual(withoutMock.notMeasured, [
    { id: 'search.ownTime.p95', reason },
    { id: 'search.modelCalls.perRequest', reason },
  ]);
  assert.equal(withoutMock.objectives.length, 3);
  const withoutApi = resolve((budget) => {
    budget.supports.api = false;
  });
  assert.deepEqual(withoutApi.objectives, []);
  assert.deepEqual(
    new Set(withoutApi.notMeasured.map((entry) => entry.reason)),
    new Set(['target has no API']),
  );
});

test('a P95 below the P50 of the same metric is refused', () => {
  assert.throws(
    () => resolve(withObjective('search.latency.p95', { belowMs: 999, sampleBudget: 65 })),
    {
      code: 'BUDGET_INVALID',
      message: [
        `BUDGET_INVALID: ${FILE} has objectives that contradict one another.`,
        `  file     ${FILE}`,
        '  where    objectives → "search.latency.p95" → belowMs',
        '  found    999',
        '  expected 1000 or more, since "search.latency.p50" is 1000',
        '  remedy   Raise the one or lower the other.',
      ].join('\n'),
    },
  );
  // Equal is no contradiction, nor is a lower limit on another metric.
  resolve(withObjective('search.latency.p95', { belowMs: 1000, sampleBudget: 65 }));
  resolve(withObjective('search.ownTime.p95', { belowMs: 1, sampleBudget: 65 }));
});

test('an error names the file that the objective is inherited from, and the objective remembers it', () => {
  const COMMON = 'budgets/common.json';
  const placeOf = (change: (budget: ShopBudget) => void, ...inherited: string[]) => {
    try {
      resolve(change, SHOP, (_, entry = '') => (inherited.includes(entry) ? COMMON : undefined));
    } catch (error) {
      const { file, expected } = (error as HarnessError).details;
      return [file, expected?.slice(0, 80)];
    }
    return ['accepted'];
  };
  const [p50, p95] = ['search.latency.p50', 'search.latency.p95'];
  const fewer = withObjective(p95, { belowMs: 2000, sampleBudget: 20 });
  assert.equal(placeOf(fewer, p95)[0], COMMON);
  assert.equal(placeOf(fewer, p50)[0], FILE);
  const crossed = withObjective(p95, { belowMs: 999, sampleBudget: 65 });
  const expected = '1000 or more, since "search.latency.p50" is 1000';
  assert.deepEqual(placeOf(crossed, p50, p95), [COMMON, expected]);
  assert.deepEqual(placeOf(crossed, p50), [FILE, `${expected} in ${COMMON}`]);
  assert.deepEqual(placeOf(crossed, p95), [COMMON, `${expected} in ${FILE}`]);
  const [first, second] = resolve(undefined, SHOP, (_, entry) =>
    entry === p95 ? COMMON : undefined,
  ).objectives;
  assert.ok(first !== undefined && !('inheritedFrom' in first));
  assert.equal(second?.inheritedFrom, COMMON);
});

test('an objective that its sample can never establish is refused', () => {
  assert.throws(
    () => resolve(withObjective('search.latency.p95', { belowMs: 2000, sampleBudget: 20 })),
    {
      code: 'BUDGET_INVALID',
      message: [
        `BUDGET_INVALID: ${FILE} has an objective that its sample can never establish.`,
        `  file     ${FILE}`,
        '  where    objectives → "search.latency.p95" → sampleBudget',
        '  found    20',
        '  expected at least 65: with fewer, not even a run without one bad event shows that at most 5 % are bad, at 95 % confidence',
        '  remedy   Set sampleBudget to 65 or more.',
      ].join('\n'),
    },
  );
  for (const [id, objective] of [
    ['search.latency.p95', { belowMs: 2000, sampleBudget: 64 }],
    ['search.latency.p50', { belowMs: 1000, sampleBudget: 4 }],
    ['shop.availability', { aboveShare: 0.999, sampleBudget: 3287 }],
  ] as const)
    assert.throws(() => resolve(withObjective(id, objective)), { code: 'BUDGET_INVALID' }, id);
  resolve(withObjective('search.latency.p50', { belowMs: 1000, sampleBudget: 5 }));
  resolve(withObjective('shop.availability', { aboveShare: 0.999, sampleBudget: 3288 }));
});

test('a contradiction is reported even if the objectives cannot be measured', () => {
  const spoilt = (budget: ShopBudget): void => {
    budget.supports.mockedAi = false;
    budget.objectives['search.ownTime.p50'] = { belowMs: 51, sampleBudget: 65 };
  };
  assert.throws(() => resolve(spoilt), { code: 'BUDGET_INVALID' });
});

test('an objective under a fault has the fault, its gap and its limit', () => {
  const { objectives, notMeasured } = resolve((budget) => {
    budget.ceilings.faults = true;
    budget.objectives = {
      'down.retried': { atMostBad: 0, sampleBudget: 40 },
      'down.gapGrowth.p50': { aboveFactor: 1.6, sampleBudget: 60 },
      'down.timeout': { sampleBudget: 5 },
    };
  }, BROKEN_SHOP);
  assert.deepEqual(notMeasured, []);
  const common = { operation: 'down', workload: 'down', fault: 'down', spans: true };
  const none = { ...common, allowedShare: 0, quantile: null, onInconclusive: 'fail' };
  assert.deepEqual(objectives, [
    {
      ...none,
      id: 'down.retried',
      gap: 'retries',
      metric: METRICS.retried,
      unit: 'share',
      objective: 0,
      sampleBudget: 40,
    },
    {
      ...common,
      id: 'down.gapGrowth.p50',
      gap: 'retries',
      metric: METRICS.gapGrowth,
      unit: '×',
      objective: 1.6,
      quantile: 0.5,
      allowedShare: 0.5,
      sampleBudget: 60,
      onInconclusive: 'fail',
    },
    {
      ...none,
      id: 'down.timeout',
      gap: 'time-outs',
      metric: METRICS.timeout,
      unit: 'ms',
      objective: 30_000,
      sampleBudget: 5,
    },
  ]);
});

test('objectives that need faults are not measured if the budget forbids them', () => {
  const { objectives, notMeasured } = resolve((budget) => {
    budget.objectives = { 'down.timeout': { sampleBudget: 5 } };
  }, BROKEN_SHOP);
  assert.deepEqual(objectives, []);
  assert.deepEqual(notMeasured, [
    { id: 'down.timeout', reason: 'the budget of the target allows no faults of its model' },
  ]);
});

const FALSE_PASS = 0.05;
const CONDITIONS = {
  eventsPerSecond: 10,
  ceilings: { requestsPerRun: 20_000, durationSeconds: 600 },
  file: 'budgets/local.json',
};
const PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: 0.0004 };

test('smallestToPass is the number of events after which a clean run first passes', () => {
  for (const allowedShare of [0.5, 0.1, 0.05, 0.01, 0.001]) {
    const plan = { ...PLAN, allowedShare };
    const n = smallestToPass(plan);
    const verdictAfter = (good: number) => {
      const events = Array.from({ length: good }, () => ({ bad: false }));
      return shareTest(plan)(tallyEvents(allowedShare, events)).verdict;
    };
    assert.deepEqual([verdictAfter(n), verdictAfter(n - 1)], ['pass', 'inconclusive']);
  }
});

test('expected sampling agrees with an enumeration of all sequences', () => {
  const plan = { allowedShare: 0.5, passAlpha: 0.2, failAlpha: 0.2 };
  const [share, most] = [0.4, 12];
  const verdictOf = shareTest(plan);
  const ends = { pass: 0, fail: 0, inconclusive: 0, n: 0 };
  const walk = (events: { bad: boolean }[], chance: number): void => {
    const { verdict } = verdictOf(tallyEvents(plan.allowedShare, events));
    if (events.length === most || verdict !== 'inconclusive') {
      ends[verdict] += chance;
      ends.n += chance * events.length;
      return;
    }
    walk([...events, { bad: true }], chance * share);
    walk([...events, { bad: false }], chance * (1 - share));
  };
  walk([], 1);
  const simulated = expectedSampling(plan, share, most, 40_000);
  assertCloseTo(simulated.expectedN, ends.n, 0.02);
  assertCloseTo(simulated.pass, ends.pass, 0.02);
  assertCloseTo(simulated.fail, ends.fail, 0.05);
  assertCloseTo(simulated.open, ends.inconclusive, 0.05);
});

test('at the boundary false passes and false fails stay below their levels, with a look after every event', () => {
  const { pass, fail } = expectedSampling({ ...PLAN, failAlpha: 0.02 }, 0.05, 2000, 4000);
  assert.ok(pass > 0.02 && pass <= 0.05, `${pass}`);
  assert.ok(fail > 0.001 && fail <= 0.02, `${fail}`);
});

test('a ceiling that is too low is refused with how to remove the objective, inherited or not', () => {
  const ceilings = { requestsPerRun: 50, durationSeconds: 600 };
  const messageOf = (parts: Partial<Objective>): string => {
    const never = { ...availability, allowedShare: 0, sampleBudget: 100, ...parts };
    return refusalMessage(() =>
      assertSamplingSuffices(never, FALSE_PASS, { ...CONDITIONS, ceilings }),
    );
  };
  const place = 'objectives → "api.availability"';
  assert.equal(
    messageOf({}),
    [
      'CEILING_EXCEEDED: The ceilings of budgets/local.json make api.availability impossible to establish.',
      '  file     budgets/local.json',
      '  where    ceilings → requestsPerRun',
      '  found    50, enough for 50 events of api.availability',
      '  expected at least 100, the sampleBudget of api.availability',
      `  remedy   Raise the ceiling, or remove ${place} from budgets/local.json.`,
    ].join('\n'),
  );
  const inherited = messageOf({ inheritedFrom: 'budgets/common.json' });
  assert.ok(inherited.endsWith(`, or set ${place} to null in budgets/local.json.`), inherited);
});

test('99.9 % from 300 requests is refused, with the number needed', () => {
  const refuse = (conditions: Partial<typeof CONDITIONS>, message: RegExp) => {
    const objective = { ...availability, sampleBudget: 3400 };
    assert.throws(
      () => assertSamplingSuffices(objective, FALSE_PASS, { ...CONDITIONS, ...conditions }),
      { code: 'CEILING_EXCEEDED', message },
    );
  };
  const ceilings = { requestsPerRun: 300, durationSeconds: 600 };
  refuse({ ceilings }, /requestsPerRun[\s\S]*300[\s\S]*at least 3288/);
  refuse({ eventsPerSecond: 0.5 }, /durationSeconds/);
});

const loadOf = (parts: object = {}): Load =>
  loadSchema(['search']).parse({
    scenarios: [{ operations: { search: 1 } }],
    arrivals: { model: 'constant', rate: 10 },
    durationSeconds: 60,
    warmUpSeconds: 0,
    ...parts,
  });
const users = loadOf({ arrivals: undefined, users: 5 });
const search = loadOf({
  arrivals: undefined,
  durationSeconds: undefined,
  search: { from: 40, to: 800, stepSeconds: 6 },
});
const by = (metric: MetricName, parts: Partial<Objective> = {}): Objective => ({
  ...latencyP95,
  metric: METRICS[metric],
  ...parts,
});
const unfit = (objective: Objective, load: Load) => loadShortfall(objective, load, FALSE_PASS);

test('the number of requests to judge excludes the warm-up and respects the ceiling', () => {
  const ramp = loadOf({ arrivals: { model: 'ramp', from: 5, to: 25 }, warmUpSeconds: 60 });
  // Of 120 s from 5 to 25/s, the second half.
  assert.equal(expectedJudged(ramp), 1200);
  const steps = loadOf({ arrivals: { model: 'steps', rates: [10, 30] }, warmUpSeconds: 20 });
  assert.equal(expectedJudged(steps), 40 * 10 + 40 * 30 - 20 * 10);
  const capped = loadOf({ warmUpSeconds: 10, ceilings: { requests: 300 } });
  assert.equal(expectedJudged(capped), 200);
  assert.equal(expectedJudged(loadOf({ warmUpSeconds: 60, ceilings: { requests: 100 } })), 0);
  assert.deepEqual([expectedJudged(users), expectedJudged(search)], [null, null]);
});

test('a load with too few requests is refused, and one with enough is accepted', () => {
  assert.equal(unfit(latencyP95, loadOf()), null);
  const brief = unfit(latencyP95, loadOf({ durationSeconds: 6 }));
  assert.equal(brief?.found, '60 requests to judge');
  assert.match(brief?.expected ?? '', /at least 65/);
  const isolation = { ...availability, metric: METRICS.isolation, allowedShare: 0 } as const;
  assert.equal(unfit({ ...isolation, sampleBudget: 600 }, loadOf()), null);
  assert.match(unfit({ ...isolation, sampleBudget: 601 }, loadOf())?.expected ?? '', /601/);
  // How often users ask is unknown beforehand.
  assert.equal(unfit(latencyP95, users), null);
});

test('objectives on seconds, windows and readings need a load with enough of them', () => {
  assert.equal(unfit(by('stall', { sampleBudget: 60 }), loadOf()), null);
  assert.match(unfit(by('stall', { sampleBudget: 61 }), loadOf())?.expected ?? '', /at most 60/);
  assert.equal(unfit(by('latencyGrowth', { sampleBudget: 30 }), loadOf()), null);
  assert.match(unfit(by('latencyGrowth', { sampleBudget: 31 }), loadOf())?.expected ?? '', /620/);
  assert.equal(unfit(by('growth', { sampleBudget: 20 }), loadOf()), null);
  assert.match(unfit(by('growth', { sampleBudget: 20 }), users)?.expected ?? '', /^arrivals/);
});

test('the window size is planned only if the number of requests is known', () => {
  const growth = by('latencyGrowth', { sampleBudget: 20 });
  assert.deepEqual(planWindowSize(growth, loadOf()), { windowSize: 28 });
  assert.deepEqual(planWindowSize(growth, loadOf({ durationSeconds: 40 })), { windowSize: 20 });
  assert.deepEqual([planWindowSize(growth, users), planWindowSize(latencyP95, loadOf())], [{}, {}]);
});

test('a search must cover the wanted rate with steps that are long enough', () => {
  const rate = (objective: number, sampleBudget = 200) =>
    by('rate', { objective, sampleBudget, keptBelowMs: 500 });
  assert.equal(unfit(rate(150), search), null);
  for (const outside of [39, 800]) assert.equal(unfit(rate(outside), search)?.at, 'aboveRate');
  assert.deepEqual([unfit(rate(40), search), unfit(rate(799), search)], [null, null]);
  // 65 would do for a step alone.
  const few = unfit(rate(150, 65), search);
  assert.deepEqual([few?.at, few?.found], ['sampleBudget', '65']);
});
