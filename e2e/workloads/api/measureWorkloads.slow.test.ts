import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import type { Objective } from '../../core/budget/objective.ts';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import { judgeRun } from '../../core/verdict/judgeRun.ts';
import { describeUnansweredTargets } from '../../core/verdict/violations.ts';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import type { FakeAsked } from '../../testing/fakeSalesTalk.ts';
import { WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import { runWorkload } from './measureWorkloads.ts';
import type { Workload } from './plan.ts';

/** Answers with 500 from the 51st request on, for this long. */
const downAfter50 = (forMs: number) => {
  let since: number | null = null;
  return {
    instead: ({ index }: FakeAsked, response: ServerResponse): boolean => {
      if (index < 50 && since === null) return false;
      since ??= performance.now();
      if (performance.now() - since > forMs) return false;
      response.writeHead(500).end();
      return true;
    },
  };
};

test('a target that no longer answers is asked at a low rate, and given up after 15 s', async () => {
  const workload = { ...WORKLOAD, requests: { classify: 2000 }, ratePerSecond: 100 };
  await withFakes(downAfter50(Number.POSITIVE_INFINITY), async ({ context, salestalk }) => {
    await runWorkload(workload, context);
    // A hundred failures, and sixteen more a second apart.
    assert.ok(salestalk.asked.length >= 116, `${salestalk.asked.length}`);
    assert.ok(salestalk.asked.length < 1000, `${salestalk.asked.length}`);
    const record = context.record.read();
    assert.equal(record.workloads.at(-1)?.state, 'complete');
    assert.equal(describeUnansweredTargets(record).length, 1);
  });
});

test('a target that restarts is measured to the end', async () => {
  const workload = { ...WORKLOAD, requests: { classify: 500 }, ratePerSecond: 200 };
  await withFakes(downAfter50(2_000), async ({ context, salestalk }) => {
    await runWorkload(workload, context);
    const record = context.record.read();
    const judged = record.requests.filter(({ warmUp }) => !warmUp);
    assert.equal(judged.length, 500);
    const failed = judged.filter(({ failure }) => failure !== null).length;
    assert.ok(failed >= 100 && failed < 400, `${failed}`);
    assert.equal(judged.at(-1)?.failure, null);
    assert.deepEqual(describeUnansweredTargets(record), []);
    assert.ok(salestalk.asked.length >= 500);
  });
});

/** Keeps the thread of the harness and the fakes busy. */
function block(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

const served: Objective = { ...latencyP95, objective: 150, workload: 'test', sampleBudget: 400 };

const workload: Workload = {
  ...WORKLOAD,
  endsWhenClear: (objective) => objective.workload === 'test',
  requests: { classify: 400 },
  ratePerSecond: 100,
};

/** Blocks the event loop once, in the middle of a workload, and returns what is recorded and how the first objective is judged. */
async function measureStalled(objectives: Objective[], sent: Workload, blockMs: number) {
  let asked = 0;
  const instead = () => {
    if (++asked === 30) block(blockMs);
    return false;
  };
  return await withFakes({ objectives, instead }, async ({ context }) => {
    await runWorkload(sent, context);
    const record = context.record.read();
    const selected = objectives.map(({ id }) => id);
    return {
      n: record.requests.filter(({ warmUp }) => !warmUp).length,
      stalls: record.disturbances,
      judgement: judgeRun(record, deriveEvents, { selected }).judgements[0],
    };
  });
}

test('a stall of the harness is recorded, and the requests it affected are set aside and do not fail', async () => {
  const { judgement, stalls } = await measureStalled([served], workload, 400);
  assert.ok(stalls.some(({ cause, durationMs }) => cause === 'stall' && durationMs >= 300));
  assert.ok((judgement?.setAside ?? 0) > 0, JSON.stringify(judgement));
  assert.notEqual(judgement?.verdict, 'fail', judgement?.reason ?? 'not judged');
  assert.match(judgement?.reason ?? '', /set aside: the harness stalled for \d/);
});

test('requests that were set aside are replaced', async () => {
  // Too few to establish it, so that all planned requests are sent.
  const all = { ...availability, operation: 'classify', spans: false, workload: 'test' };
  const { judgement, n } = await measureStalled([{ ...all, sampleBudget: 400 }], workload, 250);
  const setAside = judgement?.setAside ?? 0;
  assert.ok(setAside > 0, JSON.stringify(judgement));
  assert.ok(n > 400 && n <= 445, `${n} were sent, ${setAside} set aside`);
  if (setAside < 40) assert.ok((judgement?.n ?? 0) >= 400, JSON.stringify(judgement));
});
