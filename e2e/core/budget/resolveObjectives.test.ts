import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../metrics/metrics.ts';
import { BROKEN_SHOP, SHOP, type ShopBudget, shopBudget } from '../testing/shopBudget.ts';
import { readBudget } from './readBudget.ts';
import { type ResolvedObjectives, resolveObjectives } from './resolveObjectives.ts';

const FILE = 'budgets/shop.json';

function resolve(
  change: (budget: ShopBudget) => void = () => undefined,
  catalogue = SHOP,
): ResolvedObjectives {
  const budget = shopBudget();
  change(budget);
  return resolveObjectives(readBudget(JSON.stringify(budget), FILE, catalogue), FILE, catalogue);
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
        '  at       objectives → "search.latency.p95" → belowMs',
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

test('an objective that its sample can never establish is refused', () => {
  assert.throws(
    () => resolve(withObjective('search.latency.p95', { belowMs: 2000, sampleBudget: 20 })),
    {
      code: 'BUDGET_INVALID',
      message: [
        `BUDGET_INVALID: ${FILE} has an objective that its sample can never establish.`,
        `  file     ${FILE}`,
        '  at       objectives → "search.latency.p95" → sampleBudget',
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
