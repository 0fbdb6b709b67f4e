import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf, workloadOf } from '../../core/testing/recordOf.ts';
import { sendJson } from '../../probes/testing/fakeServer.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import type { FakeSalesTalkOptions } from '../../testing/fakeSalesTalk.ts';
import { PLANNED, SCOPE, WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import { runWorkload } from './runWorkload.ts';

test('after a worker died, the rest is sent, and each request and each call counts once', async () => {
  await withFakes({}, async ({ run, salestalk, aiMock }) => {
    const { record } = run;
    const [answered, unanswered] = [PLANNED.slice(0, 10), PLANNED.slice(10, 12)];
    const mine = { scope: SCOPE, workload: WORKLOAD.name };
    record.append(workloadOf({ ...mine, state: 'started', modelCallsMatched: null }));
    for (const { index, operation, tenant, warmUp } of answered) {
      const place = { scope: SCOPE, index };
      const id = `${SCOPE}-${index}`;
      record.append(requestOf(index, { ...mine, id, operation, tenant, warmUp }));
      aiMock.call({ ...place, kind: 'classification' });
      if (operation === 'chat') aiMock.call({ ...place, kind: 'narrative' });
    }
    // These had reached the model when the worker died; they are asked again.
    for (const { index } of unanswered) aiMock.call({ scope: SCOPE, index });
    await runWorkload(run);
    const { requests, modelCalls, workloads } = record.read();
    assert.deepEqual(
      salestalk.asked.map(({ index }) => index).sort((a, b) => a - b),
      PLANNED.slice(10).map(({ index }) => index),
    );
    assert.equal(requests.length, 34);
    const callsOf = Map.groupBy(modelCalls, ({ index }) => index);
    for (const { index, operation } of requests)
      assert.equal(callsOf.get(index)?.length, operation === 'chat' ? 2 : 1, `${index}`);
    assert.deepEqual(
      workloads.map(({ state }) => state),
      ['started', 'complete'],
    );
    const methods = aiMock.asked.map((line) => line.split(' ')[0]);
    assert.deepEqual(methods, ['PUT', 'DELETE', 'PUT', 'DELETE']);
  });
});

test('a worker that died after its last request leaves the end alone to be written', async () => {
  await withFakes({}, async ({ run, salestalk, aiMock }) => {
    await runWorkload({ ...run, record: withoutEnd(run.record) });
    const before = [salestalk.asked.length, salestalk.noops()];
    for (const { index, operation } of PLANNED) {
      aiMock.call({ scope: SCOPE, index });
      if (operation === 'chat') aiMock.call({ scope: SCOPE, index, kind: 'narrative' });
    }
    await runWorkload(run);
    assert.deepEqual([salestalk.asked.length, salestalk.noops()], before);
    assert.equal(run.record.read().workloads.at(-1)?.modelCallsMatched, true);
  });
});

/** A record that loses the line that says that the workload is complete, as if the worker had died before it. */
function withoutEnd(record: RecordWriter): RecordWriter {
  return new Proxy(record, {
    get: (target, key) => {
      if (key === 'append')
        return (...lines: Parameters<RecordWriter['append']>) =>
          target.append(...lines.filter((l) => l.type !== 'workload' || l.state === 'started'));
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('what was sent before a workload failed is kept, with its calls, once it goes on', async () => {
  let isAccepted = false;
  const instead: FakeSalesTalkOptions['instead'] = ({ index }, response) => {
    const isRefused = index >= 20 && !isAccepted;
    if (isRefused) sendJson(response, 401, { error: 'Unauthorized' });
    return isRefused;
  };
  await withFakes({ instead }, async ({ run }) => {
    const slow = { ...run, workload: { ...WORKLOAD, ratePerSecond: 200 } };
    await assert.rejects(runWorkload(slow), { code: 'TOKEN_INVALID' });
    // A second worker meets the same, and says the same.
    await assert.rejects(runWorkload(slow), { code: 'TOKEN_INVALID' });
    isAccepted = true;
    await runWorkload(slow);
    const { requests, modelCalls } = run.record.read();
    assert.equal(requests.length, PLANNED.length);
    const callsOf = Map.groupBy(modelCalls, ({ index }) => index);
    for (const { index, operation } of requests)
      assert.equal(callsOf.get(index)?.length, operation === 'chat' ? 2 : 1, `${index}`);
  });
});
