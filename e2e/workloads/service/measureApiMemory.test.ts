import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SampleLine } from '../../core/record/measurementLine.ts';
import { availability, underFault } from '../../core/testing/objectives.ts';
import { memoryOf, workloadOf } from '../../core/testing/recordOf.ts';
import { judgeRun } from '../../core/verdict/judgeRun.ts';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { sendJson } from '../../probes/testing/fakeServer.ts';
import type { FakeAsked, FakeSalesTalkOptions } from '../../testing/fakeSalesTalk.ts';
import { runContextOf } from '../../testing/runContextOf.ts';
import { type Fakes, withFakes } from '../../testing/withFakes.ts';
import { deriveScope } from '../recordWorkload.ts';
import { watchMemory } from './heapReadings.ts';
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

type Told = { status?: number; text: string } | { usedBytes: number };

/** A SalesTalk whose metrics depend on the number of requests so far. */
function telling(
  metrics: (requests: number) => Told,
  fails: (asked: FakeAsked, requests: number) => boolean = () => false,
): FakeSalesTalkOptions {
  let requests = 0;
  return {
    instead: (asked, response) => {
      if (asked.path === '/metrics') {
        const told = metrics(requests);
        const { status = 200, text } =
          'text' in told ? told : { text: `nodejs_heap_size_used_bytes ${told.usedBytes}\n` };
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

const verdictsOf = ({ context }: Fakes) => {
  const { judgements } = judgeRun(context.record.read(), deriveEvents, {
    selected: OBJECTIVES.map(({ id }) => id),
  });
  return judgements.map(({ verdict }) => verdict);
};

const reasonOf = ({ context }: Fakes) =>
  judgeRun(context.record.read(), deriveEvents, { selected: [GROWTH.id] }).judgements[0]?.reason;

test('a leak of 5 KB a request fails, and its clean twin passes', async () => {
  await measured(telling(leaking(5 * 1024)), async (fakes, measure) => {
    await measure();
    assert.deepEqual(verdictsOf(fakes), ['fail', 'pass']);
    const [growth] = judgeRun(fakes.context.record.read(), deriveEvents, {
      selected: [GROWTH.id],
    }).judgements;
    assert.ok(Math.abs((growth?.estimate ?? 0) / 5120 - 1) < 0.05, `${growth?.estimate}`);
  });
  await measured(telling(leaking(0)), async (fakes, measure) => {
    await measure();
    assert.deepEqual(verdictsOf(fakes), ['pass', 'pass']);
  });
});

test('a large and steady heap fails the footprint and passes the growth', async () => {
  await measured(
    telling(() => ({ usedBytes: 61e6 })),
    async (fakes, measure) => {
      await measure();
      assert.deepEqual(verdictsOf(fakes), ['pass', 'fail']);
    },
  );
});

const iterationsOf = (line: SampleLine) => (line.type === 'memory' ? line.iterations : null);

test('each batch is a line of its own, to which no model call belongs', async () => {
  await measured(telling(leaking(0)), async ({ context, salestalk }, measure) => {
    await measure();
    const record = context.record.read();
    const asked = salestalk.asked.filter(({ path }) => path !== '/metrics');
    assert.equal(asked.length, BATCHES * OFFER.batchSize);
    assert.equal(new Set(asked.map(({ index }) => index)).size, asked.length);
    assert.ok(asked.slice(0, 20).every(({ path }) => path === '/chat'));
    assert.equal(asked.filter(({ path }) => path === '/classify').length, 100);
    assert.deepEqual(
      record.samples.map((line) => [line.index, line.warmUp, iterationsOf(line)]),
      Array.from({ length: BATCHES }, (_, at) => [at, at < OFFER.warmUps, OFFER.batchSize]),
    );
    // A worker that goes on collects calls by these places: none may be that of a line.
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
  await measured(telling(leaking(0), fails), async (fakes, measure) => {
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
    telling(leaking(0), () => true),
    async (fakes, measure) => {
      await measure();
      assert.equal(fakes.salestalk.asked.filter(({ path }) => path !== '/metrics').length, 10);
      assert.deepEqual(verdictsOf(fakes), ['fail', 'fail']);
    },
  );
});

for (const [what, told, reason] of [
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
  test(`${what}: no data, with the reason, and nothing is sent`, async () => {
    await measured(
      telling(() => told),
      async (fakes, measure) => {
        await measure();
        assert.deepEqual(verdictsOf(fakes), ['fail', 'fail']);
        assert.equal(reasonOf(fakes), `no data: 1 use failed (the first: ${reason})`);
        assert.ok(fakes.salestalk.asked.every(({ path }) => path === '/metrics'));
      },
    );
  });
}

test('readings with garbage leave the verdict open', async () => {
  for (const perRequest of [0, 5 * 1024]) {
    const sawtooth = (requests: number) => ({
      usedBytes: HEAP_BYTES + requests * perRequest + (requests % 70) * 120_000,
    });
    await measured(telling(sawtooth), async (fakes, measure) => {
      await measure();
      assert.deepEqual(verdictsOf(fakes), ['fail', 'fail']);
      assert.match(
        reasonOf(fakes) ?? '',
        /^no data: 20 uses failed \(the first: its metrics include garbage/,
      );
    });
  }
});

test('after the death of a worker that recorded nothing all batches are measured again', async () => {
  await measured(telling(leaking(5 * 1024)), async (fakes, measure) => {
    const { context, aiMock } = fakes;
    context.record.append(started());
    // Of requests that the dead worker had sent.
    aiMock.call(...Array.from({ length: 40 }, (_, index) => ({ scope: SCOPE, index })));
    await measure();
    assert.equal(context.record.read().samples.length, BATCHES);
    assert.equal(context.record.read().modelCalls.length, 0);
    assert.deepEqual(verdictsOf(fakes), ['fail', 'pass']);
  });
});

test('recorded or complete batches are not measured again', async () => {
  await measured(telling(leaking(0)), async ({ context, salestalk }, measure) => {
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
  await withFakes({ ...telling(leaking(0)), objectives: OBJECTIVES }, async (fakes) => {
    // 1,000 requests are allowed, and more than 2,000 planned.
    await assert.rejects(measureApiMemory({ ...OFFER, batchSize: 100 }, fakes.context), {
      code: 'CEILING_EXCEEDED',
    });
    assert.equal(fakes.salestalk.asked.length, 0);
  });
});

test('a run without an objective on memory measures nothing', async () => {
  await withFakes(telling(leaking(0)), async ({ context, salestalk }) => {
    await measureApiMemory(OFFER, { ...context, run: runContextOf() });
    assert.equal(salestalk.asked.length, 0);
  });
});

function started() {
  const mine = { scope: SCOPE, workload: 'apiMemory' };
  return workloadOf({ ...mine, state: 'started', modelCallsMatched: null });
}

const SOAK_GROWTH = underFault('growth', 1000, {
  id: 'soak.memory.growth',
  operation: 'soak.memory',
  workload: 'soak',
  fault: null,
  sampleBudget: 20,
});
const OF = { workload: 'soak', scope: '5f3a9c1e', objectives: [SOAK_GROWTH], expected: 2100 };

/** What is on record after 2100 requests: of lines that stand twice the last. */
async function recorded(
  api: Parameters<typeof watchMemory>[0],
  requests = 2100,
): Promise<SampleLine[]> {
  const lines = new Map<string, SampleLine>();
  const append = (...more: SampleLine[]) => {
    for (const line of more) lines.set(line.id, line);
  };
  const watch = await watchMemory(api, { append }, OF);
  for (let request = 0; request < requests; request++) {
    watch?.onJudged();
    if (request % 100 === 0) await new Promise(setImmediate);
  }
  await watch?.end();
  return [...lines.values()];
}

/** A process whose heap grows by so much with each reading. */
const growing = (byBytes: number) => {
  let reads = 0;
  const process = () => ({
    cpuSeconds: null,
    residentBytes: null,
    heapUsedBytes: 30e6 + byBytes * reads++,
    eventLoopDelayP99Ms: null,
  });
  return { readProcess: async () => ({ process: process() }) };
};

test('under load memory is read at equal distances, as often as the objective asks, and once before', async () => {
  const lines = await recorded(growing(1000));
  assert.equal(lines.length, 21);
  assert.deepEqual(
    lines.map((line) => [line.warmUp, iterationsOf(line)]),
    Array.from({ length: 21 }, (_, at) => [at === 0, 101]),
  );
  assert.ok(lines.every(({ operation }) => operation === 'soak.memory'));
  assert.equal(new Set(lines.map(({ id }) => id)).size, 21);
});

test('readings with garbage and missing readings are failures, not zeros', async () => {
  let reads = 0;
  const sawtooth = { ...growing(0) };
  const withGarbage = {
    readProcess: async () => {
      const { process } = await sawtooth.readProcess();
      const heapUsedBytes = 30e6 + (reads++ % 5) * 10e6;
      return { process: { ...process, heapUsedBytes } };
    },
  };
  for (const api of [
    withGarbage,
    { readProcess: async () => ({ process: null, reason: 'its metrics answered 404' }) } as const,
  ]) {
    const judged = (await recorded(api)).filter(({ warmUp }) => !warmUp);
    assert.equal(judged.length, 20);
    assert.ok(judged.every(({ failure, values }) => failure !== null && !('usedBytes' in values)));
  }
});

test('without an objective on memory nothing is read', async () => {
  const api = { readProcess: () => assert.fail('no reading is wanted') };
  const append = () => assert.fail('nothing was read');
  assert.equal(await watchMemory(api, { append }, { ...OF, objectives: [] }), null);
});

test('a load that ends early keeps its readings', async () => {
  assert.equal((await recorded(growing(0), 1000)).length, 1 + Math.floor(1000 / 101));
});
