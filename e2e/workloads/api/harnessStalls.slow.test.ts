import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../../core/budget/objective.ts';
import type { DisturbanceLine } from '../../core/record/recordLine.ts';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import { judgeRun } from '../../core/verdict/judgeRun.ts';
import { WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import { runWorkload } from './runWorkload.ts';
import type { Workload } from './workload.ts';

/** Keeps this thread busy, and with it the harness and the fakes. */
function block(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

const served: Objective = { ...latencyP95, objective: 150, workload: 'test', sampleBudget: 400 };

const workload: Workload = {
  ...WORKLOAD,
  serves: (objective) => objective.workload === 'test',
  requests: { classify: 400 },
  ratePerSecond: 100,
};

/** Blocks the event loop once, in the middle of a workload, and gives back what is recorded and how it is judged. */
async function measureStalled(objectives: Objective[], sent: Workload, blockMs: number) {
  let asked = 0;
  const instead = () => {
    if (++asked === 30) block(blockMs);
    return false;
  };
  const result: { n: number; judgements: ReturnType<typeof judgeRun>['judgements'] } & {
    stalls: DisturbanceLine[];
  } = { n: 0, judgements: [], stalls: [] };
  await withFakes({ objectives, instead }, async ({ run }) => {
    await runWorkload({ ...run, workload: sent });
    const record = run.record.read();
    result.n = record.requests.filter(({ warmUp }) => !warmUp).length;
    result.stalls = record.disturbances;
    const selected = objectives.map(({ id }) => id);
    result.judgements = judgeRun(record, { selected }).judgements;
  });
  return result;
}

test('a stall of the harness is on record, and what it touched is set aside and no failure', async () => {
  const { judgements, stalls } = await measureStalled([served], workload, 400);
  assert.ok(stalls.some(({ cause, durationMs }) => cause === 'stall' && durationMs >= 300));
  const [judgement] = judgements;
  assert.ok((judgement?.setAside ?? 0) > 0, JSON.stringify(judgement));
  assert.notEqual(judgement?.verdict, 'fail', judgement?.reason ?? 'not judged');
  assert.match(judgement?.reason ?? '', /set aside: the harness stalled for \d/);
});

test('as many more are sent as were set aside, so that what is left is enough', async () => {
  // So few never establish it, so all that are planned are needed.
  const all = { ...availability, operation: 'classify', spans: false, workload: 'test' };
  const { judgements, n } = await measureStalled([{ ...all, sampleBudget: 400 }], workload, 250);
  const [judgement] = judgements;
  const setAside = judgement?.setAside ?? 0;
  assert.ok(setAside > 0, JSON.stringify(judgement));
  assert.ok(n > 400 && n <= 445, `${n} were sent, ${setAside} set aside`);
  if (setAside < 40) assert.ok((judgement?.n ?? 0) >= 400, JSON.stringify(judgement));
});
