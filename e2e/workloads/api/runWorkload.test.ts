import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendJson } from '../../probes/testing/fakeServer.ts';
import type { FakeSalesTalkOptions } from '../../testing/fakeSalesTalk.ts';
import { countBy, PLANNED, SCOPE, WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import { seedOf } from '../recordWorkload.ts';

import { runWorkload, startOutage } from './runWorkload.ts';

test('what is planned is sent and recorded, once each, with the calls of the model', async () => {
  await withFakes({}, async ({ run, salestalk, aiMock }) => {
    await runWorkload(run);
    const { requests, modelCalls, noops, workloads, harness } = run.record.read();
    assert.deepEqual(
      countBy(requests, ({ operation, warmUp }) => `${operation} ${warmUp}`),
      { 'chat false': 10, 'chat true': 2, 'classify false': 20, 'classify true': 2 },
    );
    assert.equal(salestalk.asked.length, 34);
    assert.ok(requests.every(({ failure, scope }) => failure === null && scope === SCOPE));
    assert.deepEqual(
      requests.map(({ index, tenant }) => [index, tenant]).sort(),
      PLANNED.map(({ index, tenant }) => [index, tenant]).sort(),
    );
    assert.deepEqual(
      countBy(modelCalls, ({ kind }) => kind),
      { classification: 34, narrative: 12 },
    );
    assert.equal(noops.length, salestalk.noops());
    assert.deepEqual(
      workloads.map(({ state, modelCallsMatched }) => [state, modelCallsMatched]),
      [
        ['started', null],
        ['complete', true],
      ],
    );
    assert.equal(harness.length, 1);
    assert.ok((harness[0]?.lateP99Ms as number) >= 0);
    assert.deepEqual(aiMock.asked, [
      `PUT ${SCOPE} ${JSON.stringify({ seed: seedOf('test'), behaviours: WORKLOAD.model })}`,
      `DELETE ${SCOPE}`,
    ]);
  });
});

test('a workload that is complete sends nothing', async () => {
  await withFakes({}, async ({ run, salestalk, aiMock }) => {
    await runWorkload(run);
    const before = [salestalk.asked.length, salestalk.noops(), aiMock.asked.length];
    await runWorkload(run);
    assert.deepEqual([salestalk.asked.length, salestalk.noops(), aiMock.asked.length], before);
  });
});

test('without an AI mock there are no calls to match, and nothing is claimed of them', async () => {
  await withFakes({}, async ({ run }) => {
    await runWorkload({ ...run, aiMock: null });
    const { modelCalls, workloads, requests } = run.record.read();
    assert.deepEqual([modelCalls.length, requests.length], [0, 34]);
    assert.equal(workloads.at(-1)?.modelCallsMatched, null);
  });
});

test('calls that cannot be matched are said to be so', async () => {
  await withFakes({ seesCalls: false }, async ({ run }) => {
    await runWorkload({
      ...run,
      workload: { ...WORKLOAD, requests: { classify: 2 }, warmUpEach: 0 },
    });
    assert.equal(run.record.read().workloads.at(-1)?.modelCallsMatched, false);
  });
});

test('a failed request is recorded, and no other is held back', async () => {
  const instead: FakeSalesTalkOptions['instead'] = ({ index }, response) => {
    if (index % 3 === 0) sendJson(response, 500, { error: 'InternalServerError' });
    return index % 3 === 0;
  };
  await withFakes({ instead }, async ({ run }) => {
    await runWorkload(run);
    const { requests } = run.record.read();
    for (const { index, failure, values } of requests) {
      assert.equal(failure, index % 3 === 0 ? 'status 500' : null);
      assert.equal(values.latencyMs === undefined, index % 3 === 0);
    }
    assert.equal(requests.length, 34);
  });
});

/** So many that the first answers come long before all of them were due, however busy the machine. */
const MANY = 2000;

test('a token that is no longer accepted ends the workload, and says nothing of SalesTalk', async () => {
  const instead: FakeSalesTalkOptions['instead'] = ({ index }, response) => {
    if (index >= 20) sendJson(response, 401, { error: 'Unauthorized' });
    return index >= 20;
  };
  await withFakes({ instead }, async ({ run, salestalk, aiMock }) => {
    const workload = { ...WORKLOAD, requests: { classify: MANY }, ratePerSecond: 200 };
    await assert.rejects(runWorkload({ ...run, workload }), { code: 'TOKEN_INVALID' });
    const { requests, workloads } = run.record.read();
    assert.ok(requests.length > 0 && requests.every(({ status }) => status === 200));
    assert.ok(salestalk.asked.length < MANY, 'the rest is not sent');
    assert.ok(workloads.every(({ state }) => state === 'started'));
    assert.ok(!aiMock.asked.includes(`DELETE ${SCOPE}`), 'whoever goes on needs the journal');
  });
});

test('a mock that cannot be controlled ends the workload, before or after it is sent', async () => {
  await withFakes({}, async ({ run, salestalk, aiMock }) => {
    aiMock.break();
    await assert.rejects(runWorkload(run), { code: 'AI_MOCK_FAILED' });
    assert.equal(salestalk.asked.length, 0);
  });
  let broken: () => void = () => undefined;
  const instead = () => {
    broken();
    return false;
  };
  await withFakes({ instead }, async ({ run, aiMock }) => {
    broken = aiMock.break;
    await assert.rejects(runWorkload(run), { code: 'AI_MOCK_FAILED' });
    const { requests, workloads } = run.record.read();
    assert.ok(requests.length > 0);
    assert.ok(workloads.every(({ state }) => state === 'started'));
  });
});

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
