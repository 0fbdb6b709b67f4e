import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SampleLine } from '../../core/record/measurementLine.ts';
import { underFault } from '../../core/testing/objectives.ts';
import { watchMemory } from './heapReadings.ts';

const SOAK_GROWTH = underFault('growth', 1000, {
  id: 'soak.memory.growth',
  operation: 'soak.memory',
  workload: 'soak',
  fault: null,
  sampleBudget: 20,
});
const WATCHED = {
  workload: 'soak',
  scope: '5f3a9c1e',
  objectives: [SOAK_GROWTH],
  expected: 2100,
  of: 1,
};

/** Watches that many requests, and returns the recorded lines; the last of those with the same id. */
async function watchRequests(
  api: Parameters<typeof watchMemory>[0],
  requests = 2100,
): Promise<SampleLine[]> {
  const lines = new Map<string, SampleLine>();
  const append = (...more: SampleLine[]) => {
    for (const line of more) lines.set(line.id, line);
  };
  const watch = await watchMemory(api, { append }, WATCHED);
  for (let request = 0; request < requests; request++) {
    watch?.onJudged();
    if (request % 100 === 0) await new Promise(setImmediate);
  }
  await watch?.end();
  return [...lines.values()];
}

/** A process whose heap depends on the number of readings before. */
function fakeProcess(readHeapBytes: (readings: number) => number) {
  let readings = 0;
  const unknown = { cpuSeconds: null, residentBytes: null, eventLoopDelayP99Ms: null };
  return {
    readProcess: async () => ({
      process: { ...unknown, heapUsedBytes: readHeapBytes(readings++) },
    }),
  };
}

test('memory is read once before the load, and then at equal distances, as often as the objective needs', async () => {
  const lines = await watchRequests(fakeProcess((readings) => 30e6 + 1000 * readings));
  assert.equal(lines.length, 21);
  assert.deepEqual(
    lines.map((line) => [line.warmUp, line.type === 'memory' ? line.iterations : null]),
    Array.from({ length: 21 }, (_, at) => [at === 0, 101]),
  );
  assert.ok(lines.every(({ operation }) => operation === 'soak.memory'));
  assert.equal(new Set(lines.map(({ id }) => id)).size, 21);
});

test('readings with garbage and missing readings are failures, not zeros', async () => {
  for (const api of [
    fakeProcess((readings) => 30e6 + (readings % 5) * 10e6),
    { readProcess: async () => ({ process: null, reason: 'its metrics answered 404' }) } as const,
  ]) {
    const judged = (await watchRequests(api)).filter(({ warmUp }) => !warmUp);
    assert.equal(judged.length, 20);
    assert.ok(judged.every(({ failure, values }) => failure !== null && !('usedBytes' in values)));
  }
});

test('without an objective on memory nothing is read', async () => {
  const api = { readProcess: () => assert.fail('no reading is wanted') };
  const append = () => assert.fail('nothing was read');
  assert.equal(await watchMemory(api, { append }, { ...WATCHED, objectives: [] }), null);
});

test('a load that ends early keeps its readings', async () => {
  const lines = await watchRequests(
    fakeProcess(() => 30e6),
    1000,
  );
  assert.equal(lines.length, 1 + Math.floor(1000 / 101));
});
