import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, failedWith, loadLineOf, NEVER_SENT } from '../testing/loadOf.ts';
import { type LoadBlock, LoadCollector } from './loadBlock.ts';
import type { LoadLine } from './loadLine.ts';

const TIMES = ['dueMs', 'lateMs', 'serviceMs', 'modelMs'] as const;

/** The requests of some blocks, one after the other, as a line of the record holds them. */
function readBack(blocks: readonly LoadBlock[]) {
  return blocks.flatMap((block) =>
    Array.from({ length: block.length }, (_, at) => ({
      ...Object.fromEntries(TIMES.map((name) => [name, block[name].get(at)])),
      index: block.index.get(at),
      ...block.kindAt(at),
    })),
  );
}

function requestsOf(line: LoadLine) {
  return line.index.map((index, at) => ({
    ...Object.fromEntries(TIMES.map((name) => [name, line[name][at] ?? Number.NaN])),
    index,
    operation: line.operations[line.operation[at] ?? -1],
    tenant: line.tenants[line.tenant[at] ?? -1],
    failure: line.failures[line.failure[at] ?? -1] ?? null,
    isolated: line.isolated[at],
    connectionReused: line.connectionReused[at],
  }));
}

const KINDS = [
  { isolated: false, connectionReused: null },
  { operation: 'chat', tenant: 'globex-002' },
  NEVER_SENT,
  failedWith('status 500', { tenant: 'globex-002' }),
  failedWith('status 503', { connectionReused: false }),
];

test('unknown values, zeros and all others are read back as they were written', () => {
  const line = loadLineOf([
    ...KINDS,
    { lateMs: 0, serviceMs: 0, modelMs: null },
    { lateMs: 0.001, serviceMs: 123_456.789, modelMs: 0.007 },
    { dueMs: 86_400_000.001, serviceMs: 4_294_967.294 },
  ]);
  assert.deepEqual(readBack(blocksOf([line])), requestsOf(line));
});

test('a time that is no whole number of µs, or too long for four bytes, is kept as exactly as any other', () => {
  for (const ms of [1 / 3, 0.0004, 4_294_967.295, 4_294_967.296, 1e12, 1e-9]) {
    const line = loadLineOf(KINDS);
    for (const name of TIMES) line[name][3] = ms;
    assert.deepEqual(readBack(blocksOf([line])), requestsOf(line), String(ms));
  }
  const early = loadLineOf([{ dueMs: 20 }, { dueMs: 10 }]);
  assert.deepEqual(readBack(blocksOf([early])), requestsOf(early));
});

test('places at equal distances, and any others, are read back as they were written', () => {
  for (const index of [
    [7],
    [3, 4, 5],
    [4, 9, 14, 19],
    [0, 2, 3, 5, 6, 8],
    [5, 5, 1, 0],
    [2, 4, 6, 7, 9],
  ]) {
    const line = loadLineOf(
      index.map(() => ({})),
      { index },
    );
    assert.deepEqual(readBack(blocksOf([line])), requestsOf(line), String(index));
  }
});

test('lines that continue each other share blocks, however many requests and names they have', () => {
  const lines = Array.from({ length: 50 }, (_, at) =>
    loadLineOf(
      Array.from({ length: 401 }, (_, place) => failedWith(`failure ${at % 7} ${place}`)),
      { index: Array.from({ length: 401 }, (_, place) => at * 401 + place) },
    ),
  );
  const blocks = blocksOf(lines);
  assert.equal(blocks.length, Math.ceil((50 * 401) / 8192));
  assert.deepEqual(readBack(blocks), lines.flatMap(requestsOf));
});

test('a line with another head, or after a gap, begins a block', () => {
  const first = loadLineOf([{}, {}]);
  for (const parts of [
    { warmUp: true },
    { fromMs: first.fromMs + 1 },
    { workload: 'peak' },
    { step: { model: 'step', ratePerSecond: 50 } },
    { index: [3] },
  ] as const) {
    const blocks = blocksOf([first, loadLineOf([{}], { index: [2], ...parts } as object)]);
    assert.equal(blocks.length, 2, JSON.stringify(parts));
  }
  assert.equal(blocksOf([first, loadLineOf([{}], { index: [2] })]).length, 1);
});

test('blocks that were handed out do not change when more lines come', () => {
  const collector = new LoadCollector();
  collector.add(loadLineOf([{}, {}]));
  const [block] = collector.blocks;
  collector.add(loadLineOf([{}], { index: [2] }));
  assert.equal(block?.length, 2);
  assert.deepEqual(
    collector.blocks.map(({ length }) => length),
    [2, 1],
  );
});
