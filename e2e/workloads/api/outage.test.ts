import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REOPENS_LATE_MS } from '../../testing/fakeAiMock.ts';
import { WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import { startOutage } from './measureWorkloads.ts';

const { signal } = new AbortController();
const OUTAGE = { ...WORKLOAD, outage: { afterMs: 20, forMs: 60 } };

test('an outage lasts as long as planned, and the record holds its start and end', async () => {
  await withFakes({}, async ({ context, aiMock }) => {
    const beganAtMs = Date.now();
    await startOutage(OUTAGE, context, signal);
    const endedAtMs = Date.now();
    const refusals = aiMock.asked.filter((line) => line.startsWith('POST refuse'));
    assert.deepEqual(refusals, ['POST refuse {"forMs":60}']);
    const [line, ...others] = context.record.read().outages;
    assert.deepEqual(others, []);
    assert.ok(line !== undefined && line.workload === WORKLOAD.name);
    // The grain of a timer.
    assert.ok(line.fromMs >= beganAtMs + 20 - 2, 'it begins late');
    assert.ok(
      line.untilMs >= line.fromMs + 60 + REOPENS_LATE_MS,
      'it lasts until the mock listens again',
    );
    assert.ok(endedAtMs >= line.untilMs - 2, 'it is waited for');
  });
});

test('without a planned outage or a mocked model there is no outage', async () => {
  await withFakes({}, async ({ context, aiMock }) => {
    await startOutage(WORKLOAD, context, signal);
    await startOutage(OUTAGE, { ...context, aiMock: null }, signal);
    assert.deepEqual([aiMock.asked, context.record.read().outages], [[], []]);
  });
});

test('an outage that is aborted before its start does not begin', async () => {
  await withFakes({}, async ({ context, aiMock }) => {
    const never = { ...OUTAGE, outage: { afterMs: 3_600_000, forMs: 60 } };
    const abort = new AbortController();
    const outage = startOutage(never, context, abort.signal);
    abort.abort();
    await outage;
    await startOutage(OUTAGE, context, abort.signal);
    assert.deepEqual([aiMock.asked, context.record.read().outages], [[], []]);
  });
});

test('an outage that cannot begin is an error and is not recorded', async () => {
  await withFakes({}, async ({ context, aiMock }) => {
    aiMock.break();
    const code = 'AI_MOCK_FAILED';
    await assert.rejects(startOutage(OUTAGE, context, signal), { code });
    assert.deepEqual(context.record.read().outages, []);
  });
});
