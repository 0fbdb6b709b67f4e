import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendJson } from '../../probes/testing/fakeServer.ts';
import type { FakeSalesTalkOptions } from '../../testing/fakeSalesTalk.ts';
import { WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import { runWorkload } from './runWorkload.ts';
import { startOutage } from './startOutage.ts';

const { signal } = new AbortController();
const OUTAGE = { ...WORKLOAD, fault: 'outage', outage: { afterMs: 20, forMs: 60 } };

const refusals = (asked: string[]) => asked.filter((line) => line.startsWith('POST refuse'));

test('the model is away for as long as asked, and the record says from when to when', async () => {
  await withFakes({}, async ({ run, aiMock }) => {
    const beganAtMs = Date.now();
    await startOutage(OUTAGE, run.aiMock, run.record, signal);
    const endedAtMs = Date.now();
    assert.deepEqual(refusals(aiMock.asked), ['POST refuse {"forMs":60}']);
    const [line, ...others] = run.record.read().outages;
    assert.deepEqual(others, []);
    assert.ok(line !== undefined && line.workload === WORKLOAD.name);
    // A timer's grain.
    assert.ok(line.fromMs >= beganAtMs + 20 - 2, 'it begins late');
    assert.ok(line.untilMs >= line.fromMs + 60, 'it lasts');
    assert.ok(endedAtMs >= line.untilMs - 2, 'it is waited for');
  });
});

test('a workload without one, and a model that is a real one, are left alone', async () => {
  await withFakes({}, async ({ run, aiMock }) => {
    await startOutage(WORKLOAD, run.aiMock, run.record, signal);
    await startOutage(OUTAGE, null, run.record, signal);
    assert.deepEqual([aiMock.asked, run.record.read().outages], [[], []]);
  });
});

test('one that is called off before it began does not begin', async () => {
  await withFakes({}, async ({ run, aiMock }) => {
    const never = { ...OUTAGE, outage: { afterMs: 3_600_000, forMs: 60 } };
    const abort = new AbortController();
    const outage = startOutage(never, run.aiMock, run.record, abort.signal);
    abort.abort();
    await outage;
    await startOutage(OUTAGE, run.aiMock, run.record, abort.signal);
    assert.deepEqual([aiMock.asked, run.record.read().outages], [[], []]);
  });
});

test('a model that could not be taken away is an error, and no outage', async () => {
  await withFakes({}, async ({ run, aiMock }) => {
    aiMock.break();
    const code = 'AI_MOCK_FAILED';
    await assert.rejects(startOutage(OUTAGE, run.aiMock, run.record, signal), { code });
    assert.deepEqual(run.record.read().outages, []);
  });
});

test('a workload ends after its outage, however soon its requests have', async () => {
  await withFakes({}, async ({ run }) => {
    const late = { ...OUTAGE, outage: { afterMs: 2_000, forMs: 60 } };
    await runWorkload({ ...run, workload: late });
    const { outages, workloads } = run.record.read();
    assert.equal(outages.length, 1);
    const { atMs, state } = workloads.at(-1) as (typeof workloads)[number];
    assert.ok(state === 'complete' && atMs >= (outages[0]?.untilMs as number) - 2);
  });
});

test('a workload that fails takes no model away from what comes after it', async () => {
  const instead: FakeSalesTalkOptions['instead'] = (_, response) => {
    sendJson(response, 401, { error: 'Unauthorized' });
    return true;
  };
  await withFakes({ instead }, async ({ run, aiMock }) => {
    const late = { ...OUTAGE, outage: { afterMs: 400, forMs: 60 } };
    await assert.rejects(runWorkload({ ...run, workload: late }), { code: 'TOKEN_INVALID' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual([refusals(aiMock.asked), run.record.read().outages], [[], []]);
  });
});
