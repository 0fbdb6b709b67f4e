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
    await withFakes({}, async ({ context }) => {
      await runWorkload(HUNG, context);
      const { requests } = context.record.read();
      assert.deepEqual(
        countBy(requests, ({ fault }) => String(fault)),
        { hungModel: 6 },
      );
      assert.ok(requests.every(({ values }) => (values.endedMs as number) > 0));
    });
    await withFakes({}, async ({ context }) => {
      await runWorkload({ ...HUNG, fault: null }, context);
      assert.ok(context.record.read().requests.every(({ fault }) => fault === null));
    });
  });

  test('that nothing is answered slows no workload down under a fault, as it does any other', async () => {
    const lastedMs = async (fault: string | null): Promise<number> => {
      let ms = Number.NaN;
      await withFakes({ instead: failing }, async ({ context, salestalk }) => {
        const failed = { scope: SCOPE, workload: HUNG.name, fault, failure: 'status 502' };
        for (let at = 1_000; at < 1_100; at++)
          context.record.append(requestOf(at, { ...failed, id: `${SCOPE}-${at}` }));
        await runWorkload({ ...HUNG, fault, requests: { classify: 3 } }, context);
        assert.equal(salestalk.asked.length, 3);
        const { requests } = context.record.read();
        const sentAtMs = requests.flatMap(({ index, sentAtMs: ms }) => (index < 1_000 ? [ms] : []));
        ms = Math.max(...sentAtMs) - Math.min(...sentAtMs);
      });
      return ms;
    };
    assert.ok((await lastedMs('hungModel')) < (await lastedMs(null)));
  });

  test('what a failure is checked for is recorded, with the beginning of what came, and the id that it named', async () => {
    await withFakes({ instead: failing }, async ({ context }) => {
      await runWorkload(HUNG, context);
      for (const { checks, objection, answeredIds } of context.record.read().requests) {
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
    await withFakes({ instead: () => true }, async ({ context }) => {
      await runWorkload({ ...HUNG, patienceMs: 80 }, context);
      const { requests } = context.record.read();
      assert.equal(requests.length, 6);
      for (const { failure, status, values, checks } of requests) {
        assert.deepEqual([failure, status, checks], ['timeout', null, { soundness: false }]);
        assert.ok((values.leftMs as number) >= 78);
        assert.equal(values.endedMs, values.leftMs);
      }
    });
    await withFakes({}, async ({ context }) => {
      await runWorkload({ ...HUNG, patienceMs: 5_000 }, context);
      const { requests } = context.record.read();
      assert.ok(requests.every(({ values }) => values.leftMs === undefined));
    });
  });

  test('calls that go on after the last answer are recorded, where the workload lingers', async () => {
    for (const observeAfterMs of [0, undefined]) {
      await withFakes({}, async ({ context, aiMock }) => {
        const lingering = observeAfterMs === undefined ? {} : { observeAfterMs };
        aiMock.open({ scope: SCOPE, index: 1, attempt: 2 }, { scope: SCOPE, index: 999 });
        await runWorkload({ ...HUNG, ...lingering }, context);
        const open = context.record.read().modelCalls.filter(({ end }) => end === 'open');
        assert.deepEqual(
          open.map(({ index, attempt, durationMs }) => [index, attempt, durationMs]),
          observeAfterMs === undefined ? [] : [[1, 2, null]],
        );
      });
    }
  });

  test('the model is watched for as long as the workload lingers', async () => {
    await withFakes({}, async ({ context }) => {
      await runWorkload({ ...HUNG, observeAfterMs: 250 }, context);
      const { requests, workloads } = context.record.read();
      const lastMs = Math.max(...requests.map((r) => r.sentAtMs + (r.values.endedMs as number)));
      assert.ok((workloads.at(-1)?.atMs as number) >= lastMs + 248);
    });
  });

  test('a foreign session is asked for on behalf of two, and recorded as one', async () => {
    await withFakes({}, async ({ context, salestalk }) => {
      const workload = { ...HUNG, fault: null, requests: { foreignSession: 4 } };
      await runWorkload(workload, context);
      const { requests } = context.record.read();
      assert.equal(requests.length, 4);
      for (const { index, tenant, checks, failure } of requests) {
        const steps = salestalk.asked.filter((asked) => asked.index === index);
        const others = context.run.target.tenants.filter((one) => one !== tenant);
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
