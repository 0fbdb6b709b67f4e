import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import { latencyP95, modelCallsPerRequest } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { objectiveRows } from './objectiveRows.ts';

const [JUDGED] = judgeRun(
  recordOf([latencyP95], { requests: [requestOf(0), requestOf(1, { failure: 'status 500' })] }),
  { selected: [latencyP95.id] },
).judgements;

/** The row of an objective, with one space between its columns. */
function rowOf(objective: Objective, estimate: number, lower: number): string {
  assert.ok(JUDGED !== undefined);
  const judgement = {
    ...JUDGED,
    verdict: 'pass' as const,
    knownGap: null,
    estimate,
    interval: [lower, null] as [number, null],
  };
  const [, line = ''] = objectiveRows([{ objective, judgement }], (_, text) => text);
  return line.replaceAll(/ +/g, ' ');
}

test('long numbers are rounded, but not to the objective that they miss or meet', () => {
  const p50 = { ...latencyP95, objective: 1000 };
  const bytes = { ...modelCallsPerRequest, metric: 'weight', unit: 'B' } as const;
  assert.match(rowOf(p50, 26_477.31, 25_014.06), / 26,477 ms \[25,014, open\] < 1,000 ms /);
  assert.match(rowOf(p50, 999.98, 3.14), / 999\.980 ms \[3\.1, open\] < 1,000 ms /);
  assert.match(rowOf(p50, 1000, -0.01), / 1,000 ms \[0, open\] < 1,000 ms /);
  assert.match(
    rowOf({ ...bytes, objective: 60_000_000 }, 24_917_712, 900_000),
    / max 24\.9 MB \[0\.9, open\] ≤ 60 MB /,
  );
  assert.match(
    rowOf({ ...bytes, objective: 150_000 }, 150_004, 0),
    / max 150\.004 kB \[0, open\] ≤ 150 kB /,
  );
  assert.match(
    rowOf({ ...modelCallsPerRequest, objective: 1 }, 1, 1),
    / max 1 call \[1, open\] ≤ 1 call /,
  );
});

test('failed requests are counted, but of a fault it goes without saying that they fail', () => {
  assert.match(rowOf(latencyP95, 350, 1), / 1, 1 failed$/);
  assert.match(rowOf({ ...latencyP95, fault: 'brokenModel' }, 350, 1), / < 2,000 ms 1$/);
});
