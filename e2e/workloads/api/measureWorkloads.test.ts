import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Objective } from '../../core/budget/objective.ts';
import type { RequestLine } from '../../core/record/measurementLine.ts';
import type { ModelCallLine } from '../../core/record/recordLine.ts';
import type { RunRecord } from '../../core/record/runRecord.ts';
import { isTooDisturbed } from '../../core/record/setAside.ts';
import { latencyP95, modelCallsPerRequest } from '../../core/testing/objectives.ts';
import { requestOf, workloadOf } from '../../core/testing/recordOf.ts';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { sendJson } from '../../probes/testing/fakeServer.ts';
import { errorBody } from '../../salestalk/testing/exchanges.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import type { FakeSalesTalkOptions } from '../../testing/fakeSalesTalk.ts';
import { countBy, PLANNED, SCOPE, WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import { checkProgress, isEnough } from '../checkProgress.ts';
import { deriveSeed } from '../recordWorkload.ts';
import { measureWorkloads, runWorkload } from './measureWorkloads.ts';
import { planWorkload, type Workload } from './plan.ts';

test('each planned request is sent and recorded once, with its model calls', async () => {
  await withFakes({}, async ({ context, salestalk, aiMock }) => {
    await runWorkload(WORKLOAD, context);
    const { requests, modelCalls, noops, workloads, harness } = context.record.read();
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
      `PUT ${SCOPE} ${JSON.stringify({ seed: deriveSeed('test'), behaviours: WORKLOAD.model })}`,
      `DELETE ${SCOPE}`,
    ]);
  });
});

test('a complete workload sends nothing', async () => {
  await withFakes({}, async ({ context, salestalk, aiMock }) => {
    await runWorkload(WORKLOAD, context);
    const before = [salestalk.asked.length, salestalk.noops(), aiMock.asked.length];
    await runWorkload(WORKLOAD, context);
    assert.deepEqual([salestalk.asked.length, salestalk.noops(), aiMock.asked.length], before);
  });
});

test('without an AI mock it is unknown whether model calls match', async () => {
  await withFakes({}, async ({ context }) => {
    await runWorkload(WORKLOAD, { ...context, aiMock: null });
    const { modelCalls, workloads, requests } = context.record.read();
    assert.deepEqual([modelCalls.length, requests.length], [0, 34]);
    assert.equal(workloads.at(-1)?.modelCallsMatched, null);
  });
});

test('the record says that the model calls of a workload could not be matched', async () => {
  await withFakes({ seesCalls: false }, async ({ context }) => {
    const workload = { ...WORKLOAD, requests: { classify: 2 }, warmUpEach: 0 };
    await runWorkload(workload, context);
    assert.equal(context.record.read().workloads.at(-1)?.modelCallsMatched, false);
  });
});

test('a failed request is recorded and delays no other', async () => {
  const instead: FakeSalesTalkOptions['instead'] = ({ index }, response) => {
    if (index % 3 === 0) sendJson(response, 500, { error: 'InternalServerError' });
    return index % 3 === 0;
  };
  await withFakes({ instead }, async ({ context }) => {
    await runWorkload(WORKLOAD, context);
    const { requests } = context.record.read();
    for (const { index, failure, values } of requests) {
      assert.equal(failure, index % 3 === 0 ? 'status 500' : null);
      assert.equal(values.latencyMs === undefined, index % 3 === 0);
    }
    assert.equal(requests.length, 34);
  });
});

/** Requests of which the first are answered long before the last is due, however busy the machine. */
const MANY = 2000;

test('a rejected token ends the workload and counts as no failure of SalesTalk', async () => {
  const instead: FakeSalesTalkOptions['instead'] = ({ index }, response) => {
    if (index >= 20) sendJson(response, 401, { error: 'Unauthorized' });
    return index >= 20;
  };
  await withFakes({ instead }, async ({ context, salestalk, aiMock }) => {
    const workload = { ...WORKLOAD, requests: { classify: MANY }, ratePerSecond: 200 };
    await assert.rejects(runWorkload(workload, context), { code: 'TOKEN_INVALID' });
    const { requests, workloads } = context.record.read();
    assert.ok(requests.length > 0 && requests.every(({ status }) => status === 200));
    assert.ok(salestalk.asked.length < MANY, 'the rest is not sent');
    assert.ok(workloads.every(({ state }) => state === 'started'));
    assert.ok(
      !aiMock.asked.includes(`DELETE ${SCOPE}`),
      'a worker that continues needs the journal',
    );
  });
});

test('a mock that cannot be controlled ends the workload, before or after its requests', async () => {
  await withFakes({}, async ({ context, salestalk, aiMock }) => {
    aiMock.break();
    await assert.rejects(runWorkload(WORKLOAD, context), { code: 'AI_MOCK_FAILED' });
    assert.equal(salestalk.asked.length, 0);
  });
  let broken: () => void = () => undefined;
  const instead = () => {
    broken();
    return false;
  };
  await withFakes({ instead }, async ({ context, aiMock }) => {
    broken = aiMock.break;
    await assert.rejects(runWorkload(WORKLOAD, context), { code: 'AI_MOCK_FAILED' });
    const { requests, workloads } = context.record.read();
    assert.ok(requests.length > 0);
    assert.ok(workloads.every(({ state }) => state === 'started'));
  });
});

const OUTAGE = { ...WORKLOAD, fault: 'outage', outage: { afterMs: 20, forMs: 60 } };

const refusals = (asked: string[]) => asked.filter((line) => line.startsWith('POST refuse'));

test('a workload ends after its outage, even if its requests end earlier', async () => {
  await withFakes({}, async ({ context }) => {
    const late = { ...OUTAGE, outage: { afterMs: 2_000, forMs: 60 } };
    await runWorkload(late, context);
    const { outages, workloads } = context.record.read();
    assert.equal(outages.length, 1);
    const { atMs, state } = workloads.at(-1) as (typeof workloads)[number];
    assert.ok(state === 'complete' && atMs >= (outages[0]?.untilMs as number) - 2);
  });
});

test('a workload that fails early starts no outage', async () => {
  const instead: FakeSalesTalkOptions['instead'] = (_, response) => {
    sendJson(response, 401, { error: 'Unauthorized' });
    return true;
  };
  await withFakes({ instead }, async ({ context, aiMock }) => {
    const late = { ...OUTAGE, outage: { afterMs: 400, forMs: 60 } };
    await assert.rejects(runWorkload(late, context), { code: 'TOKEN_INVALID' });
    await sleep(500);
    assert.deepEqual([refusals(aiMock.asked), context.record.read().outages], [[], []]);
  });
});

/** On a machine so busy that the harness stalls all the time, nothing becomes clear. */
function isMachineNoisy(objective: Objective, record: RunRecord): boolean {
  const { setAside, events } = deriveEvents(objective, record);
  return isTooDisturbed(setAside?.n ?? 0, events.length);
}

test('sampling ends once all objectives are clear, and skips operations whose objectives are clear', async () => {
  const served = { ...latencyP95, workload: 'test', sampleBudget: 1500 };
  const calls = { ...modelCallsPerRequest, workload: 'test', sampleBudget: 20 };
  const workload: Workload = {
    ...WORKLOAD,
    endsWhenClear: (objective) => objective.workload === 'test',
    requests: { classify: 1500, chat: 1500 },
    ratePerSecond: 150,
  };
  await withFakes({ objectives: [served, calls] }, async ({ context }) => {
    await runWorkload(workload, context);
    const { requests, workloads } = context.record.read();
    const judged = requests.filter(({ warmUp }) => !warmUp);
    const { classify = 0, chat = 0 } = countBy(judged, ({ operation }) => operation);
    const isNoisy = isMachineNoisy(served, context.record.read());
    assert.ok(classify >= 59 && (classify < 1500 || isNoisy), `${classify}`);
    assert.ok(chat >= 20 && chat < 1500, `${chat}`);
    assert.equal(workloads.at(-1)?.state, 'complete');
    const atEnd = checkProgress([served, calls], context.record.read());
    assert.ok(isNoisy || isEnough(atEnd));
  });
});

test('objectives that the run does not judge cause no request and change no rate', async () => {
  const judged = { ...latencyP95, workload: 'test', sampleBudget: 1500 };
  const others = [
    { ...judged, id: 'classify.latency.p90', sampleBudget: 2000, allowedShare: 0.0001 },
    { ...judged, id: 'chat.latency.p95', operation: 'chat' },
  ];
  const workload: Workload = {
    ...WORKLOAD,
    endsWhenClear: (objective) => objective.workload === 'test',
    requests: { classify: 2000, chat: 1500 },
    ratePerSecond: 150,
  };
  await withFakes({ objectives: [judged, ...others] }, async ({ context }) => {
    await runWorkload(workload, { ...context, selected: [judged.id] });
    const { requests, workloads } = context.record.read();
    assert.deepEqual(workloads[0]?.planned, workload.requests, 'the plan stays as it is');
    const sent = countBy(requests, ({ operation, warmUp }) => `${operation} ${warmUp}`);
    assert.equal(sent['chat false'], undefined);
    const isNoisy = isMachineNoisy(judged, context.record.read());
    assert.ok((sent['classify false'] ?? 0) < 1500 || isNoisy, JSON.stringify(sent));
    const plan = planWorkload(workload, context.run.target.tenants);
    const early = requests.filter(({ index }) => index < 60).sort((a, b) => a.index - b.index);
    const [first, last] = [early.at(0), early.at(-1)];
    assert.ok(first !== undefined && last !== undefined);
    const dueMs = ({ index }: typeof first): number => plan[index]?.dueMs ?? Number.NaN;
    const apartMs = last.sentAtMs - last.lateMs - (first.sentAtMs - first.lateMs);
    assert.ok(apartMs >= dueMs(last) - dueMs(first) - 20, `${apartMs}`);
  });
});

test('a workload is refused as impossible only because of objectives that the run judges', async () => {
  const possible = { ...latencyP95, workload: 'test', sampleBudget: 600 };
  const impossible = { ...possible, id: 'chat.latency.p95', operation: 'chat', sampleBudget: 2 };
  const workload = { ...WORKLOAD, endsWhenClear: () => true, requests: { classify: 5, chat: 5 } };
  await withFakes({ objectives: [possible, impossible] }, async ({ context }) => {
    const { ceilings } = context.run.target;
    Object.assign(ceilings, { requestsPerSecond: 2000, durationSeconds: 600 });
    await assert.rejects(measureWorkloads([workload], context), { code: 'BUDGET_INVALID' });
    await measureWorkloads([workload], { ...context, selected: [possible.id] });
    assert.ok(context.record.read().requests.length > 0);
  });
});

test('a workload that cannot become clear is sent whole, without requests that serve no objective', async () => {
  const served = { ...latencyP95, workload: 'test', sampleBudget: 2000 };
  const workload = { ...WORKLOAD, endsWhenClear: () => true };
  await withFakes({ objectives: [served] }, async ({ context, salestalk }) => {
    await runWorkload(workload, context);
    const wanted = PLANNED.filter(({ operation, warmUp }) => operation === 'classify' || warmUp);
    // On a busy machine the harness may stall, and replaces the requests that are set aside.
    const { setAside } = deriveEvents(served, context.record.read());
    const more = salestalk.asked.length - wanted.length;
    assert.ok(more >= 0 && more <= (setAside?.n ?? 0), `${more} more, ${setAside?.n} set aside`);
    assert.ok(context.record.read().noops.length > 0);
    assert.equal(context.record.read().workloads.at(-1)?.state, 'complete');
  });
});

/** A chat has two calls of the model, any other request one. */
function assertCallsOnce(requests: RequestLine[], modelCalls: ModelCallLine[]): void {
  const calls = Map.groupBy(modelCalls, ({ index }) => index);
  for (const { index, operation } of requests)
    assert.equal(calls.get(index)?.length, operation === 'chat' ? 2 : 1, `${index}`);
}

test('after the death of a worker the rest is sent, and each request and call counts once', async () => {
  await withFakes({}, async ({ context, salestalk, aiMock }) => {
    const { record } = context;
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
    // These had reached the model when the worker died. They are sent again.
    for (const { index } of unanswered) aiMock.call({ scope: SCOPE, index });
    await runWorkload(WORKLOAD, context);
    const { requests, modelCalls, workloads } = record.read();
    assert.deepEqual(
      salestalk.asked.map(({ index }) => index).sort((a, b) => a - b),
      PLANNED.slice(10).map(({ index }) => index),
    );
    assert.equal(requests.length, 34);
    assertCallsOnce(requests, modelCalls);
    assert.deepEqual(
      workloads.map(({ state }) => state),
      ['started', 'complete'],
    );
    const methods = aiMock.asked.map((line) => line.split(' ')[0]);
    assert.deepEqual(methods, ['PUT', 'DELETE', 'PUT', 'DELETE']);
  });
});

test('after the death of a worker that had sent all requests only the end is recorded', async () => {
  await withFakes({}, async ({ context, salestalk, aiMock }) => {
    await runWorkload(WORKLOAD, { ...context, record: withoutEnd(context.record) });
    const before = [salestalk.asked.length, salestalk.noops()];
    for (const { index, operation } of PLANNED) {
      aiMock.call({ scope: SCOPE, index });
      if (operation === 'chat') aiMock.call({ scope: SCOPE, index, kind: 'narrative' });
    }
    await runWorkload(WORKLOAD, context);
    assert.deepEqual([salestalk.asked.length, salestalk.noops()], before);
    assert.equal(context.record.read().workloads.at(-1)?.modelCallsMatched, true);
  });
});

/** A record without the line that completes the workload, as if the worker had died before it. */
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

test('requests sent before a failure are kept, with their calls, when the workload continues', async () => {
  let isAccepted = false;
  const instead: FakeSalesTalkOptions['instead'] = ({ index }, response) => {
    const isRefused = index >= 20 && !isAccepted;
    if (isRefused) sendJson(response, 401, { error: 'Unauthorized' });
    return isRefused;
  };
  await withFakes({ instead }, async ({ context }) => {
    const slow = { ...WORKLOAD, ratePerSecond: 200 };
    await assert.rejects(runWorkload(slow, context), { code: 'TOKEN_INVALID' });
    // A second worker fails in the same way.
    await assert.rejects(runWorkload(slow, context), { code: 'TOKEN_INVALID' });
    isAccepted = true;
    await runWorkload(slow, context);
    const { requests, modelCalls } = context.record.read();
    assert.equal(requests.length, PLANNED.length);
    assertCallsOnce(requests, modelCalls);
  });
});

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
  test('each request is recorded with its fault', async () => {
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

  test('under a fault missing answers do not slow down a workload, as they do without one', async () => {
    const sendAndTime = (fault: string | null): Promise<number> =>
      withFakes({ instead: failing }, async ({ context, salestalk }) => {
        const failed = { scope: SCOPE, workload: HUNG.name, fault, failure: 'status 502' };
        for (let at = 1_000; at < 1_100; at++)
          context.record.append(requestOf(at, { ...failed, id: `${SCOPE}-${at}` }));
        await runWorkload({ ...HUNG, fault, requests: { classify: 3 } }, context);
        assert.equal(salestalk.asked.length, 3);
        const { requests } = context.record.read();
        const sentAtMs = requests.flatMap(({ index, sentAtMs: ms }) => (index < 1_000 ? [ms] : []));
        return Math.max(...sentAtMs) - Math.min(...sentAtMs);
      });
    assert.ok((await sendAndTime('hungModel')) < (await sendAndTime(null)));
  });

  test('the checks of a failed answer are recorded, with the beginning of the answer and the ids in it', async () => {
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

  test('a caller whose patience ends disconnects without an answer', async () => {
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

  test('calls that outlast the last answer are recorded if the workload observes the model afterwards', async () => {
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

  test('the model is observed for as long as the workload says', async () => {
    await withFakes({}, async ({ context }) => {
      await runWorkload({ ...HUNG, observeAfterMs: 250 }, context);
      const { requests, workloads } = context.record.read();
      const lastMs = Math.max(...requests.map((r) => r.sentAtMs + (r.values.endedMs as number)));
      assert.ok((workloads.at(-1)?.atMs as number) >= lastMs + 248);
    });
  });

  test('a trial of a foreign session sends requests of two tenants and is recorded once', async () => {
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
        // The fake answers each question with the same quarter, so isolation cannot be checked.
        assert.deepEqual([failure, checks], [null, { soundness: true }]);
      }
    });
  });
});
