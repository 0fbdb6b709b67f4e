import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSchema } from '../../core/budget/loadSchema.ts';
import type { Objective } from '../../core/budget/objective.ts';
import { loadLineOf } from '../../core/testing/loadOf.ts';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import { workloadOf } from '../../core/testing/recordOf.ts';
import { judgeRun } from '../../core/verdict/judgeRun.ts';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { sendJson } from '../../probes/testing/fakeServer.ts';
import { LOAD_OPERATIONS } from '../../salestalk/operations.ts';
import { type Fakes, type FakesOptions, withFakes } from '../../testing/withFakes.ts';
import { deriveScope } from '../recordWorkload.ts';
import { measureLoad } from './measureLoad.ts';

const underLoad = (objective: Objective, parts: Partial<Objective>): Objective => ({
  ...objective,
  workload: 'sustained',
  operation: 'sustained',
  spans: true,
  ...parts,
});
const LATENCY = underLoad(latencyP95, { id: 'sustained.latency.p95', sampleBudget: 100 });
const AVAILABILITY = underLoad(availability, {
  id: 'sustained.availability',
  objective: 0.9,
  allowedShare: 0.1,
  sampleBudget: 5000,
});
/** Needs more good requests than any of these loads offers. */
const NEVER_CLEAR = {
  ...AVAILABILITY,
  allowedShare: 0.0001,
  objective: 0.9999,
  sampleBudget: 50_000,
};
const OPEN = { arrivals: { model: 'constant', rate: 400 }, durationSeconds: 1 };

async function measured(
  load: object,
  objectives: Objective[],
  options: FakesOptions,
  look: (fakes: Fakes, measure: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await withFakes({ ...options, objectives }, async (fakes) => {
    const { target } = fakes.context.run;
    const sustained = loadSchema(LOAD_OPERATIONS).parse({
      scenarios: [{ operations: { classify: 1, chat: 1 } }],
      warmUpSeconds: 0.1,
      ...load,
    });
    const ceilings = { ...target.ceilings, requestsPerSecond: 2000, requestsPerRun: 100_000 };
    Object.assign(target, { ceilings, loads: { sustained } });
    await look(fakes, () => measureLoad('sustained', fakes.context));
  });
}

/** Answers each request of the load with this status. */
const answering = (status: number): FakesOptions => ({
  instead: ({ path }, response) => {
    if (path === '/metrics') return false;
    sendJson(response, status, { error: 'Refused', message: 'by a fake' });
    return true;
  },
});

/** Requests of the load, without the readings of processes. */
const askedOf = ({ salestalk }: Fakes) => salestalk.asked.filter(({ path }) => path !== '/metrics');

const requestsOf = ({ context }: Fakes) =>
  context.record.read().loads.flatMap((load) =>
    Array.from(load.judged(), ({ dueAtMs, operation, modelMs, isolated, failure }) => {
      return { dueAtMs, operation, modelMs, isolated, failure };
    }),
  );

test('each request of an open load is recorded once, in order, with the time of the model', async () => {
  await measured(OPEN, [LATENCY, NEVER_CLEAR], {}, async (fakes, measure) => {
    await measure();
    const requests = requestsOf(fakes);
    const sent = askedOf(fakes);
    assert.ok(Math.abs(sent.length - 440) < 40, `${sent.length}`);
    const [load] = fakes.context.record.read().loads;
    assert.equal(load?.total, sent.length);
    assert.ok(requests.length < sent.length, 'warm-up is left out');
    assert.ok(requests.every(({ dueAtMs }, at) => dueAtMs >= (requests[at - 1]?.dueAtMs ?? 0)));
    const { operation } = requests[0] ?? {};
    assert.ok(operation === 'classify' || operation === 'chat');
    // The fake's calls take 0.125 ms each.
    assert.ok(
      requests.every(
        (request) => request.modelMs === (request.operation === 'chat' ? 0.25 : 0.125),
      ),
    );
    assert.ok(requests.every(({ isolated, failure }) => isolated === true && failure === null));
  });
});

test('a load ends once all its objectives are clear, and is not measured again', async () => {
  const long = { ...OPEN, durationSeconds: 30 };
  await measured(long, [LATENCY], {}, async (fakes, measure) => {
    await measure();
    const { length } = fakes.salestalk.asked;
    assert.ok(length > 65 && length < 6000, `${length}`);
    const { judgements } = judgeRun(fakes.context.record.read(), deriveEvents, {
      selected: [LATENCY.id],
    });
    // On a busy machine some are set aside.
    const { n = 0, setAside = 0 } = judgements[0] ?? {};
    assert.equal(n + setAside, requestsOf(fakes).length);
    await measure();
    assert.equal(fakes.salestalk.asked.length, length);
  });
});

test('a load ends when the target is down', async () => {
  await measured(
    { ...OPEN, durationSeconds: 30 },
    [AVAILABILITY],
    answering(500),
    async (fakes, measure) => {
      await measure();
      // Of 12,000: a busy machine sees it later.
      assert.ok(fakes.salestalk.asked.length < 6000);
      const { judgements } = judgeRun(fakes.context.record.read(), deriveEvents, {
        selected: [AVAILABILITY.id],
      });
      const { verdict, reason } = judgements[0] ?? {};
      // A busy machine sends late, and then no fail counts.
      if (!/not offered as scheduled/.test(reason ?? ''))
        assert.equal(verdict, 'fail', `${reason}`);
    },
  );
});

test('after the death of a worker a load is judged by what was recorded, and not offered again', async () => {
  const objectives = [
    LATENCY,
    underLoad(LATENCY, { id: 'sustained.ownTime.p95', metric: METRICS.ownTime }),
  ];
  await measured(OPEN, objectives, {}, async (fakes, measure) => {
    const scope = deriveScope('run-1', 'sustained');
    const recorded = Array.from({ length: 80 }, () => ({}));
    fakes.context.record.append(
      workloadOf({ workload: 'sustained', scope, state: 'started', modelCallsMatched: null }),
      loadLineOf(recorded, { scope }),
    );
    await measure();
    assert.deepEqual(fakes.salestalk.asked, []);
    const { workloads } = fakes.context.record.read();
    assert.deepEqual(
      workloads.map(({ state, modelCallsMatched }) => [state, modelCallsMatched]),
      [
        ['started', null],
        ['complete', null],
      ],
    );
    const selected = objectives.map(({ id }) => id);
    const { judgements, notMeasured } = judgeRun(fakes.context.record.read(), deriveEvents, {
      selected,
    });
    assert.deepEqual(
      judgements.map(({ id, n, verdict }) => [id, n, verdict]),
      selected.map((id) => [id, recorded.length, 'pass']),
    );
    assert.deepEqual(notMeasured, []);
  });
});

test('a rejected token ends a load', async () => {
  await measured(OPEN, [LATENCY], answering(401), async (_, measure) => {
    await assert.rejects(measure(), { code: 'TOKEN_INVALID' });
  });
});

test('a load above the ceilings of the target is refused before anything is sent', async () => {
  const tooFast = { ...OPEN, arrivals: { model: 'constant', rate: 3000 } };
  await measured(tooFast, [LATENCY], {}, async (fakes, measure) => {
    await assert.rejects(measure(), { code: 'CEILING_EXCEEDED' });
    assert.deepEqual(fakes.salestalk.asked, []);
  });
});

test('a closed model is recorded as such, and sends no more requests than its ceiling allows', async () => {
  const closed = { users: 5, durationSeconds: 5, ceilings: { requests: 300 }, arrivals: undefined };
  await measured(closed, [NEVER_CLEAR], {}, async (fakes, measure) => {
    await measure();
    const [load] = fakes.context.record.read().loads;
    assert.deepEqual(load?.blocks[0]?.head.step, { model: 'closed', ratePerSecond: null });
    const sent = askedOf(fakes).length;
    assert.equal(sent, 300);
  });
});

test('a search sends no more requests than its ceiling allows', async () => {
  const search = {
    search: { from: 100, to: 400, stepSeconds: 2 },
    ceilings: { requests: 150 },
    arrivals: undefined,
    durationSeconds: undefined,
  };
  const rate = {
    ...LATENCY,
    metric: METRICS.rate,
    unit: '/s',
    objective: 50,
    keptBelowMs: 500,
  } as const;
  await measured(search, [{ ...rate, sampleBudget: 100 }], {}, async (fakes, measure) => {
    await measure();
    const [load] = fakes.context.record.read().loads;
    assert.equal(load?.blocks[0]?.head.step.model, 'step');
    const sent = askedOf(fakes).length;
    assert.equal(sent, 150);
  });
});

/** What each shard asked and recorded; all begin at the same moment, against fakes of their own. */
async function offerInShards(of: number, load: object, objectives: Objective[]) {
  const startAtMs = Date.now() + 4_000;
  const offerShard = async (index: number) => {
    const shard = { index, of, loads: ['sustained'], seed: 1, startAtMs, clockOffsetMs: 0 };
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof describe>>();
    const describe = (fakes: Fakes) => ({
      asked: askedOf(fakes).map((one) => one.index),
      readings: fakes.salestalk.asked.filter(({ path }) => path === '/metrics').length,
      aiMock: fakes.aiMock.asked,
      requests: requestsOf(fakes),
      block: fakes.context.record.read().loads[0]?.blocks[0],
      startAtMs,
    });
    await measured(load, objectives, { shard }, async (fakes, measure) => {
      await measure();
      resolve(describe(fakes));
    });
    return promise;
  };
  return Promise.all(Array.from({ length: of }, (_, at) => offerShard(at + 1)));
}

const inOrder = (places: number[]) => places.toSorted((a, b) => a - b);

test('shards offer each request of the load once, at its time, to the end, and read the target once', async () => {
  const load = { ...OPEN, arrivals: { model: 'poisson', rate: 300 } };
  const whole: number[] = [];
  await measured(load, [NEVER_CLEAR], {}, async (fakes, measure) => {
    await measure();
    whole.push(...askedOf(fakes).map(({ index }) => index));
  });
  // On one machine this objective is clear after a part of the load.
  const shards = await offerInShards(3, load, [LATENCY]);
  assert.deepEqual(inOrder(shards.flatMap(({ asked }) => asked)), inOrder(whole));
  for (const [at, { asked, readings, aiMock, requests, block, startAtMs }] of shards.entries()) {
    assert.ok(asked.every((place) => place % 3 === at));
    assert.equal(readings > 0, at === 0);
    // The journal is shared: no shard may remove it.
    assert.ok(aiMock.every((call) => !call.startsWith('DELETE')));
    assert.ok(requests.length > 50 && requests.every(({ modelMs }) => modelMs !== null));
    assert.ok(Math.abs((block?.head.fromMs ?? 0) - startAtMs) < 500);
  }
  // Due times are counted from the common moment, not from the first request of each shard.
  assert.equal(new Set(shards.map(({ block }) => block?.dueMs.get(0))).size, 3);
});

test('shards of a closed model share its users and its ceiling', async () => {
  const closed = { users: 5, durationSeconds: 2, ceilings: { requests: 200 }, arrivals: undefined };
  const shards = await offerInShards(3, closed, [LATENCY]);
  assert.deepEqual(
    shards.map(({ asked }) => asked.length),
    [67, 67, 66],
  );
  assert.deepEqual(
    inOrder(shards.flatMap(({ asked }) => asked)),
    Array.from({ length: 200 }, (_, place) => place),
  );
});

test('a shard whose worker died is not continued, and its record shows no end', async () => {
  const shard = { index: 1, of: 2, loads: ['sustained'], seed: 1, clockOffsetMs: 0 };
  const startAtMs = Date.now() + 60_000;
  await measured(OPEN, [LATENCY], { shard: { ...shard, startAtMs } }, async (fakes, measure) => {
    const scope = deriveScope('run-1', 'sustained');
    fakes.context.record.append(workloadOf({ workload: 'sustained', scope, state: 'started' }));
    await measure();
    assert.deepEqual(fakes.salestalk.asked, []);
    const states = fakes.context.record.read().workloads.map(({ state }) => state);
    assert.deepEqual(states, ['started']);
  });
});

test('a shard that comes too late offers nothing, and one whose load is above the ceilings of all neither', async () => {
  const shard = { index: 2, of: 3, loads: ['sustained'], seed: 1, clockOffsetMs: 0 };
  for (const [startAtMs, rate, code] of [
    [Date.now() - 1_000, 400, 'SHARD_INVALID'],
    [Date.now() + 60_000, 3_000, 'CEILING_EXCEEDED'],
  ] as const) {
    const load = { ...OPEN, arrivals: { model: 'constant', rate } };
    await measured(load, [LATENCY], { shard: { ...shard, startAtMs } }, async (fakes, measure) => {
      await assert.rejects(measure(), { code });
      assert.deepEqual(fakes.salestalk.asked, []);
    });
  }
});

test('a load without an objective is not offered', async () => {
  await measured(OPEN, [], {}, async (fakes, measure) => {
    await measure();
    assert.deepEqual(fakes.salestalk.asked, []);
  });
});
