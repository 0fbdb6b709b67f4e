import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveEvents } from '../../core/record/deriveEvents.ts';
import { isTooDisturbed } from '../../core/record/setAside.ts';
import { latencyP95, modelCallsPerRequest } from '../../core/testing/objectives.ts';
import { countBy, PLANNED, WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import type { Workload } from './plan.ts';
import { runWorkload } from './runWorkload.ts';

test('sampling ends once all is clear, and what is clear already is passed over', async () => {
  const served = { ...latencyP95, workload: 'test', sampleBudget: 1500 };
  const calls = { ...modelCallsPerRequest, workload: 'test', sampleBudget: 20 };
  const workload: Workload = {
    ...WORKLOAD,
    serves: (objective) => objective.workload === 'test',
    requests: { classify: 1500, chat: 1500 },
    ratePerSecond: 150,
  };
  await withFakes({ objectives: [served, calls] }, async ({ run, looks }) => {
    await runWorkload({ ...run, workload });
    const { requests, workloads } = run.record.read();
    const judged = requests.filter(({ warmUp }) => !warmUp);
    const { classify = 0, chat = 0 } = countBy(judged, ({ operation }) => operation);
    // Of a machine so busy that the harness stalls all the time, nothing becomes clear.
    const { setAside, events } = deriveEvents(served, run.record.read());
    const isDisturbed = isTooDisturbed(setAside?.n ?? 0, events.length);
    assert.ok(classify >= 59 && (classify < 1500 || isDisturbed), `${classify}`);
    assert.ok(chat >= 20 && chat < 1500, `${chat}`);
    assert.equal(workloads.at(-1)?.state, 'complete');
    assert.ok(looks.length > 0);
    assert.ok(isDisturbed || looks.at(-1)?.every(({ isClear }) => isClear));
  });
});

test('what cannot become clear is sent whole, and once; what serves nothing is not sent', async () => {
  const served = { ...latencyP95, workload: 'test', sampleBudget: 2000 };
  const workload = { ...WORKLOAD, serves: () => true };
  await withFakes({ objectives: [served] }, async ({ run, salestalk }) => {
    await runWorkload({ ...run, workload });
    const wanted = PLANNED.filter(({ operation, warmUp }) => operation === 'classify' || warmUp);
    // On a busy machine the harness may stall, and makes up for as many as that spoilt.
    const { setAside } = deriveEvents(served, run.record.read());
    const more = salestalk.asked.length - wanted.length;
    assert.ok(more >= 0 && more <= (setAside?.n ?? 0), `${more} more, ${setAside?.n} set aside`);
    assert.ok(run.record.read().noops.length > 0);
    assert.equal(run.record.read().workloads.at(-1)?.state, 'complete');
  });
});
