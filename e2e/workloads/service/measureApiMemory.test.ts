import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availability, underFault } from '../../core/testing/objectives.ts';
import { memoryOf, workloadOf } from '../../core/testing/recordOf.ts';
import { judgeRun } from '../../core/verdict/judgeRun.ts';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { sendJson } from '../../probes/testing/fakeServer.ts';
import type { FakeAsked, FakeSalesTalkOptions } from '../../testing/fakeSalesTalk.ts';
import { runContextOf } from '../../testing/runContextOf.ts';
import { type Fakes, withFakes } from '../../testing/withFakes.ts';
import { deriveScope } from '../recordWorkload.ts';
import { measureApiMemory } from './measureApiMemory.ts';

const ofMemory = { operation: 'api.memory', workload: 'apiMemory', fault: null, spans: false };
const GROWTH = underFault('growth', 1000, { ...ofMemory, id: 'api.memory.growth' });
const FOOTPRINT = underFault('footprint', 60e6, { ...ofMemory, id: 'api.memory.footprint' });
const OBJECTIVES = [GROWTH, FOOTPRINT];
const MODEL = { latency: { distribution: 'constant', ms: 2 } } as const;
const OFFER = { warmUps: 2, batchSize: 10, ratePerSecond: 5000, model: MODEL };
const BATCHES = OFFER.warmUps + GROWTH.sampleBudget;
const SCOPE = deriveScope('run-1', 'apiMemory');
const HEAP_BYTES = 30_000_000;

type Metrics = { status?: number; text: string } | { usedBytes: number };

/** A SalesTalk whose metrics depend on the number of requests so far. */
function fakeMetrics(
  metricsAfter: (requests: number) => Metrics,
  fails: (asked: FakeAsked, requests: number) => boolean = () => false,
): FakeSalesTalkOptions {
  let requests = 0;
  return {
    instead: (asked, response) => {
      if (asked.path === '/metrics') {
        const metrics = metricsAfter(requests);
        const { status = 200, text } =
          'text' in metrics
            ? metrics
            : { text: `nodejs_heap_size_used_bytes ${metrics.usedBytes}\n` };
        response.writeHead(status).end(text);
        return true;
      }
      const isFailed = fails(asked, requests++);
      if (isFailed) sendJson(response, 500, { error: 'InternalServerError' });
      return isFailed;
    },
  };
}

const leaking = (perRequest: number) => (requests: number) => ({
  // Readings vary a little.
  usedBytes: HEAP_BYTES + requests * perRequest + 3_000 * Math.sin(requests),
});

async function measured(
  options: FakeSalesTalkOptions,
  look: (fakes: Fakes, measure: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await withFakes({ ...options, objectives: OBJECTIVES }, async (fakes) => {
    const { target } = fakes.context.run;
    target.ceilings.requestsPerSecond = 5000;
    await look(fakes, () => measureApiMemory(OFFER, fakes.context));
  });
}

const judgementsOf = ({ context }: Fakes) =>
  judgeRun(context.record.read(), deriveEvents, { selected: OBJECTIVES.map(({ id }) => id) })
    .judgements;

const verdictsOf = (fakes: Fakes) => judgementsOf(fakes).map(({ verdict }) => verdict);

test('a leak of 5 KB a request fails, and its clean twin passes', async () => {
  await measured(fakeMetrics(leaking(5 * 1024)), async (fakes, measure) => {
    await measure();
    assert.deepEqual(verdictsOf(fakes), ['fail', 'pass']);
    const [growth] = judgementsOf(fakes);
    assert.ok(Math.abs((growth?.estimate ?? 0) / 5120 - 1) < 0.05, `${growth?.estimate}`);
  });
  await measured(fakeMetrics(leaking(0)), async (fakes, measure) => {
    await measure();
    assert.deepEqual(verdictsOf(fakes), ['pass', 'pass']);
  });
});

test('a large and steady heap fails the footprint and passes the growth', async () => {
  await measured(
    fakeMetrics(() => ({ usedBytes: 61e6 })),
    async (fakes, measure) => {
      await measure();
      assert.deepEqual(verdictsOf(fakes), ['pass', 'fail']);
    },
  );
});

test('each batch is a line of its own, to which no model call belongs', async () => {
  await measured(fakeMetrics(leaking(0)), async ({ context, salestalk }, measure) => {
    await measure();
    const record = context.record.read();
    const asked = salestalk.asked.filter(({ path }) => path !== '/metrics');
    assert.equal(asked.length, BATCHES * OFFER.batchSize);
    assert.equal(new Set(asked.map(({ index }) => index)).size, asked.length);
    assert.ok(asked.slice(0, 20).every(({ path }) => path === '/chat'));
    assert.equal(asked.filter(({ path }) => path === '/classify').length, 100);
    assert.deepEqual(
      record.samples.map((line) => [
        line.index,
        line.warmUp,
        line.type === 'memory' ? line.iterations : null,
      ]),
      Array.from({ length: BATCHES }, (_, at) => [at, at < OFFER.warmUps, OFFER.batchSize]),
    );
    // A worker that goes on collects model calls by index: none may be the index of a batch.
    assert.ok(asked.every(({ index }) => index >= BATCHES));
    assert.equal(record.modelCalls.length, 0);
    assert.equal(deriveEvents(availability, record).events.length, 0);
    assert.deepEqual(
      record.workloads.map(({ state }) => state),
      ['started', 'complete'],
    );
  });
});

test('a batch with failed requests has failed and leaves the verdict open', async () => {
  const fails = (_: FakeAsked, requests: number) => requests === 105 || requests === 107;
  await measured(fakeMetrics(leaking(0), fails), async (fakes, measure) => {
    await measure();
    const failed = fakes.context.record.read().samples.filter(({ failure }) => failure !== null);
    assert.deepEqual(
      failed.map(({ index, failure }) => [index, failure]),
      [[10, '2 of 10 requests failed, the first with status 500']],
    );
    assert.deepEqual(verdictsOf(fakes), ['inconclusive', 'inconclusive']);
  });
});

test('a target that does not answer is given up soon', async () => {
  await measured(
    fakeMetrics(leaking(0), () => true),
    async (fakes, measure) => {
      await measure();
      assert.equal(fakes.salestalk.asked.filter(({ path }) => path !== '/metrics').length, 10);
      assert.deepEqual(verdictsOf(fakes), ['fail', 'fail']);
    },
  );
});

for (const [what, metrics, reason] of [
  ['no metrics', { status: 404, text: '' }, 'its metrics answered 404'],
  ['metrics behind a redirect', { status: 302, text: '' }, 'its metrics answered 302'],
  [
    'metrics without memory',
    { text: 'http_requests_total 5\n' },
    'its metrics have no value of one process',
  ],
  [
    'resident memory alone',
    { text: 'process_resident_memory_bytes 5\n' },
    'its metrics do not say how much of its heap is in use',
  ],
] as const) {
  test(`With ${what} there is no data, the reason is given, and nothing is sent`, async () => {
    await measured(
      fakeMetrics(() => metrics),
      async (fakes, measure) => {
        await measure();
        assert.deepEqual(verdictsOf(fakes), ['fail', 'fail']);
        assert.equal(
          judgementsOf(fakes)[0]?.reason,
          `no data: 1 use failed (the first: ${reason})`,
        );
        assert.ok(fakes.salestalk.asked.every(({ path }) => path === '/metrics'));
      },
    );
  });
}

test('readings with garbage are no data, so the objectives fail', async () => {
  for (const perRequest of [0, 5 * 1024]) {
    const sawtooth = (requests: number) => ({
      usedBytes: HEAP_BYTES + requests * perRequest + (requests % 70) * 120_000,
    });
    await measured(fakeMetrics(sawtooth), async (fakes, measure) => {
      await measure();
      assert.deepEqual(verdictsOf(fakes), ['fail', 'fail']);
      assert.match(
        judgementsOf(fakes)[0]?.reason ?? '',
        /^no data: 20 uses failed \(the first: its metrics include garbage/,
      );
    });
  }
});

test('after the death of a worker that recorded nothing all batches are measured again', async () => {
  await measured(fakeMetrics(leaking(5 * 1024)), async (fakes, measure) => {
    const { context, aiMock } = fakes;
    context.record.append(started());
    // Calls of requests that the dead worker had sent.
    aiMock.call(...Array.from({ length: 40 }, (_, index) => ({ scope: SCOPE, index })));
    await measure();
    assert.equal(context.record.read().samples.length, BATCHES);
    assert.equal(context.record.read().modelCalls.length, 0);
    assert.deepEqual(verdictsOf(fakes), ['fail', 'pass']);
  });
});

test('recorded or complete batches are not measured again', async () => {
  await measured(fakeMetrics(leaking(0)), async ({ context, salestalk }, measure) => {
    const { operation, workload } = ofMemory;
    const mine = { id: `${SCOPE}-0`, scope: SCOPE, operation, workload };
    context.record.append(started(), memoryOf(0, mine));
    await measure();
    await measure();
    assert.equal(salestalk.asked.length, 0);
    assert.equal(context.record.read().workloads.at(-1)?.state, 'complete');
  });
});

test('a rejected token ends the measurement, and nothing is recorded', async () => {
  const options: FakeSalesTalkOptions = {
    instead: ({ path }, response) => {
      if (path === '/metrics') response.end(`nodejs_heap_size_used_bytes ${HEAP_BYTES}\n`);
      else sendJson(response, 401, { error: 'Unauthorized' });
      return true;
    },
  };
  await measured(options, async ({ context }, measure) => {
    await assert.rejects(measure(), { code: 'TOKEN_INVALID' });
    assert.equal(context.record.read().samples.length, 0);
  });
});

test('a measurement above the ceilings is refused before anything is sent', async () => {
  await withFakes({ ...fakeMetrics(leaking(0)), objectives: OBJECTIVES }, async (fakes) => {
    // 1,000 requests are allowed, and more than 2,000 planned.
    await assert.rejects(measureApiMemory({ ...OFFER, batchSize: 100 }, fakes.context), {
      code: 'CEILING_EXCEEDED',
    });
    assert.equal(fakes.salestalk.asked.length, 0);
  });
});

test('a run without an objective on memory measures nothing', async () => {
  await withFakes(fakeMetrics(leaking(0)), async ({ context, salestalk }) => {
    await measureApiMemory(OFFER, { ...context, run: runContextOf() });
    assert.equal(salestalk.asked.length, 0);
  });
});

function started() {
  const mine = { scope: SCOPE, workload: 'apiMemory' };
  return workloadOf({ ...mine, state: 'started', modelCallsMatched: null });
}
