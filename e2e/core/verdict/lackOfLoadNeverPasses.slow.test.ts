import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MetricName } from '../../metrics/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { LoadLine } from '../record/loadLine.ts';
import {
  failedWith,
  type LoadRequestAt,
  NEVER_SENT,
  stepLineOf,
  tableOf,
} from '../testing/loadOf.ts';
import { underFault } from '../testing/objectives.ts';
import { recordOf } from '../testing/recordOf.ts';
import { judgeRun } from './judgeRun.ts';

const LIMITS = {
  latency: 200,
  serviceTime: 200,
  ownTime: 100,
  availability: 0.5,
  isolation: 0,
  stall: 250,
  // Of medians of twenty: so that what chance makes of them is little.
  latencyGrowth: 2000,
  rate: 30,
} satisfies Partial<Record<MetricName, number>>;

/** On the load `capacity`, lenient enough for a few dozen requests to pass. */
function objectiveOf(metric: keyof typeof LIMITS): Objective {
  const isPart = ['latency', 'serviceTime', 'ownTime', 'availability', 'rate'].includes(metric);
  const isTimed = ['latency', 'serviceTime', 'ownTime'].includes(metric);
  return underFault(metric, LIMITS[metric], {
    workload: 'capacity',
    fault: null,
    spans: true,
    quantile: isTimed ? 0.5 : null,
    allowedShare: isPart ? 0.5 : 0,
    // Of growth: windows, each of which takes twenty.
    sampleBudget: metric === 'latencyGrowth' ? 6 : 1,
    ...(metric === 'rate' ? { keptBelowMs: 200 } : {}),
  });
}

/** What may come of a request, mostly as it should, so that passes are frequent enough to be lost. */
const RARELY = fc.nat(59).map((chance) => chance === 0);
const requestShape = fc
  .record({
    serviceMs: fc.integer({ min: 60, max: 120 }),
    isSlow: RARELY,
    isLate: RARELY,
    isForeign: RARELY,
    fails: RARELY,
    isUnsent: RARELY,
  })
  .map(({ serviceMs, isSlow, isLate, isForeign, fails, isUnsent }): LoadRequestAt => {
    if (isUnsent) return NEVER_SENT;
    const request = {
      serviceMs: serviceMs + (isSlow ? 900 : 0),
      lateMs: isLate ? 40 : 0.5,
      isolated: !isForeign,
    };
    return fails ? failedWith('status 500', request) : request;
  });
const stepShape = fc.record({
  requests: fc.array(requestShape, { minLength: 4, maxLength: 60, size: 'max' }),
  slowness: fc.constantFrom(1, 1, 1, 6),
});
/** One step above the rate that is wanted, and one below. */
const loadShape = fc.tuple(stepShape, stepShape);

type Step = { requests: LoadRequestAt[]; slowness: number };

/** @param times so often the same again, where few are no windows */
function linesOf(shapes: readonly Step[], times: number): LoadLine[] {
  return shapes.map(({ requests, slowness }, at) =>
    stepLineOf(
      [20, 40][at] as number,
      Array.from({ length: times }, () => requests)
        .flat()
        .map((request) => ({
          ...request,
          serviceMs: request.serviceMs == null ? null : request.serviceMs * slowness,
        })),
      { scope: `0000000${at}`, fromMs: 1_800_000_000_000 + at * 10_000 },
    ),
  );
}

/** Columns of which an entry can be lost; whether a request failed is in the record by its failure, or is not. */
const LOSABLE = ['lateMs', 'serviceMs', 'modelMs', 'isolated', 'connectionReused'] as const;

function lose(
  lines: LoadLine[],
  column: (typeof LOSABLE)[number],
  of: { line: number; request: number },
): LoadLine[] {
  return lines.map((line, place) => {
    if (place !== of.line) return line;
    const lost = [...line[column]];
    lost[of.request % lost.length] = null;
    return { ...line, [column]: lost };
  });
}

test('whatever a record loses of a request under load turns no verdict into a pass', (t) => {
  const lost: Record<string, number> = {};
  const passed: Record<string, number> = {};
  for (const metric of Object.keys(LIMITS) as (keyof typeof LIMITS)[]) {
    const objective = objectiveOf(metric);
    const verdictOf = (lines: LoadLine[]) => {
      const record = recordOf([objective], { loads: [tableOf(...lines)] });
      const { judgements } = judgeRun(record, { selected: [objective.id] });
      return judgements[0]?.verdict;
    };
    let [passes, passesLost] = [0, 0];
    fc.assert(
      fc.property(loadShape, fc.record({ line: fc.nat(1), request: fc.nat(59) }), (shapes, of) => {
        const lines = linesOf(shapes, metric === 'latencyGrowth' ? 4 : 1);
        const before = verdictOf(lines);
        if (before === 'pass') passes++;
        for (const column of LOSABLE) {
          const after = verdictOf(lose(lines, column, of));
          if (before !== 'pass') assert.notEqual(after, 'pass', `${metric} without ${column}`);
          else if (after !== 'pass') passesLost++;
        }
      }),
      { seed: 3, numRuns: 100 },
    );
    lost[metric] = passesLost;
    passed[metric] = passes;
  }
  t.diagnostic(`passes: ${JSON.stringify(passed)}, that became none: ${JSON.stringify(lost)}`);
  assert.deepEqual(
    Object.keys(lost).filter((metric) => lost[metric] === 0),
    [],
  );
});
