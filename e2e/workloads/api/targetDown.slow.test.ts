import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { unansweredTargets } from '../../core/verdict/unansweredTargets.ts';
import type { FakeAsked } from '../../testing/fakeSalesTalk.ts';
import { WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import { runWorkload } from './runWorkload.ts';

/** Answers with 500 from the 51st request on, `forMs` long. */
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

test('a target that answers nothing any more is asked at a low rate, and left alone after 15 s', async () => {
  const workload = { ...WORKLOAD, requests: { classify: 2000 }, ratePerSecond: 100 };
  await withFakes(downAfter50(Number.POSITIVE_INFINITY), async ({ run, salestalk }) => {
    await runWorkload({ ...run, workload });
    // A hundred failures, and sixteen more a second apart.
    assert.ok(salestalk.asked.length >= 116, `${salestalk.asked.length}`);
    assert.ok(salestalk.asked.length < 1000, `${salestalk.asked.length}`);
    const record = run.record.read();
    assert.equal(record.workloads.at(-1)?.state, 'complete');
    assert.equal(unansweredTargets(record).length, 1);
  });
});

test('a target that is restarted is measured to the end', async () => {
  const workload = { ...WORKLOAD, requests: { classify: 500 }, ratePerSecond: 200 };
  await withFakes(downAfter50(2_000), async ({ run, salestalk }) => {
    await runWorkload({ ...run, workload });
    const record = run.record.read();
    const judged = record.requests.filter(({ warmUp }) => !warmUp);
    assert.equal(judged.length, 500);
    const failed = judged.filter(({ failure }) => failure !== null).length;
    assert.ok(failed >= 100 && failed < 400, `${failed}`);
    assert.equal(judged.at(-1)?.failure, null);
    assert.deepEqual(unansweredTargets(record), []);
    assert.ok(salestalk.asked.length >= 500);
  });
});
