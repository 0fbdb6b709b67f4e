import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requestOf } from '../../core/testing/recordOf.ts';
import { sendJson } from '../../probes/testing/fakeServer.ts';
import { errorBody } from '../../salestalk/testing/exchanges.ts';
import type { FakeSalesTalkOptions } from '../../testing/fakeSalesTalk.ts';
import { countBy, SCOPE, WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import type { Workload } from './plan.ts';
import { runWorkload } from './runWorkload.ts';

const HUNG: Workload = {
  ...WORKLOAD,
  fault: 'hungModel',
  warmUpEach: 0,
  requests: { classify: 6 },
};

const failing: FakeSalesTalkOptions['instead'] = (_, response) => {
  sendJson(response, 502, { ...errorBody(), error: 'Timeout' });
  return true;
};

// Most of it is waiting, and each has fakes of its own.
describe('a workload under a fault', { concurrency: 4 }, () => {
  test('each request says what it was under', async () => {
    await withFakes({}, async ({ run }) => {
      await runWorkload({ ...run, workload: HUNG });
      const { requests } = run.record.read();
      assert.deepEqual(
        countBy(requests, ({ fault }) => String(fault)),
        { hungModel: 6 },
      );
      assert.ok(requests.every(({ values }) => (values.endedMs as number) > 0));
    });
    await withFakes({}, async ({ run }) => {
      await runWorkload({ ...run, workload: { ...HUNG, fault: null } });
      assert.ok(run.record.read().requests.every(({ fault }) => fault === null));
    });
  });

  test('that nothing is answered slows no workload down under a fault, as it does any other', async () => {
    const lastedMs = async (fault: string | null): Promise<number> => {
      let ms = Number.NaN;
      await withFakes({ instead: failing }, async ({ run, salestalk }) => {
        const failed = { scope: SCOPE, workload: HUNG.name, fault, failure: 'status 502' };
        for (let at = 1_000; at < 1_100; at++)
          run.record.append(requestOf(at, { ...failed, id: `${SCOPE}-${at}` }));
        await runWorkload({ ...run, workload: { ...HUNG, fault, requests: { classify: 3 } } });
        assert.equal(salestalk.asked.length, 3);
        const { requests } = run.record.read();
        const sentAtMs = requests.flatMap(({ index, sentAtMs: ms }) => (index < 1_000 ? [ms] : []));
        ms = Math.max(...sentAtMs) - Math.min(...sentAtMs);
      });
      return ms;
    };
    assert.ok((await lastedMs('hungModel')) < (await lastedMs(null)));
  });

  test('what a failure is checked for is recorded, with the beginning of what came, and the id that it named', async () => {
    await withFakes({ instead: failing }, async ({ run }) => {
      await runWorkload({ ...run, workload: HUNG });
      for (const { checks, objection, answeredIds } of run.record.read().requests) {
        assert.deepEqual(checks, { contract: false, secrecy: true, soundness: false });
        assert.equal(
          objection,
          'another error than the one for the model; status 502, keys error, message, requestId: {"error":"Timeout","message":"The AI provider could not answer.","requestId":"request-1"}',
        );
        assert.deepEqual(answeredIds, { header: null, body: 'request-1' });
      }
    });
  });

  test('a caller that has no more patience leaves, and is not told anything', async () => {
    await withFakes({ instead: () => true }, async ({ run }) => {
      await runWorkload({ ...run, workload: { ...HUNG, patienceMs: 80 } });
      const { requests } = run.record.read();
      assert.equal(requests.length, 6);
      for (const { failure, status, values, checks } of requests) {
        assert.deepEqual([failure, status, checks], ['timeout', null, { soundness: false }]);
        assert.ok((values.leftMs as number) >= 78);
        assert.equal(values.endedMs, values.leftMs);
      }
    });
    await withFakes({}, async ({ run }) => {
      await runWorkload({ ...run, workload: { ...HUNG, patienceMs: 5_000 } });
      const { requests } = run.record.read();
      assert.ok(requests.every(({ values }) => values.leftMs === undefined));
    });
  });

  test('calls that go on after the last answer are recorded, where the workload lingers', async () => {
    for (const observeAfterMs of [0, undefined]) {
      await withFakes({}, async ({ run, aiMock }) => {
        const lingering = observeAfterMs === undefined ? {} : { observeAfterMs };
        aiMock.open({ scope: SCOPE, index: 1, attempt: 2 }, { scope: SCOPE, index: 999 });
        await runWorkload({ ...run, workload: { ...HUNG, ...lingering } });
        const open = run.record.read().modelCalls.filter(({ end }) => end === 'open');
        assert.deepEqual(
          open.map(({ index, attempt, durationMs }) => [index, attempt, durationMs]),
          observeAfterMs === undefined ? [] : [[1, 2, null]],
        );
      });
    }
  });

  test('the model is watched for as long as the workload lingers', async () => {
    await withFakes({}, async ({ run }) => {
      await runWorkload({ ...run, workload: { ...HUNG, observeAfterMs: 250 } });
      const { requests, workloads } = run.record.read();
      const lastMs = Math.max(...requests.map((r) => r.sentAtMs + (r.values.endedMs as number)));
      assert.ok((workloads.at(-1)?.atMs as number) >= lastMs + 248);
    });
  });

  test('a foreign session is asked for on behalf of two, and recorded as one', async () => {
    await withFakes({}, async ({ run, salestalk }) => {
      const workload = { ...HUNG, fault: null, requests: { foreignSession: 4 } };
      await runWorkload({ ...run, workload });
      const { requests } = run.record.read();
      assert.equal(requests.length, 4);
      for (const { index, tenant, checks, failure } of requests) {
        const steps = salestalk.asked.filter((asked) => asked.index === index);
        const others = run.tenants.filter((one) => one !== tenant);
        assert.deepEqual(
          steps.map((step) => step.tenant),
          [tenant, others[0], tenant],
        );
        // The fake has one quarter for all questions, so that nothing tells conversations apart.
        assert.deepEqual([failure, checks], [null, { soundness: true }]);
      }
    });
  });
});
