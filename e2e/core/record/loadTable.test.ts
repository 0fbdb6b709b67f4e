import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { METRICS } from '../../metrics/metrics.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import { blocksOf, loadLineOf, NEVER_SENT, stepLineOf, tableOf } from '../testing/loadOf.ts';
import { runOf, STARTED_AT_MS } from '../testing/recordOf.ts';
import type { LoadRequest } from './loadLine.ts';
import { buildLoadTables } from './loadTable.ts';
import { parseRunRecord } from './runRecord.ts';

test('each judged request is read from the columns', () => {
  const table = tableOf(
    loadLineOf([{ tenant: 'early' }], { warmUp: true }),
    loadLineOf([
      { dueMs: 5, operation: 'chat' },
      { ...NEVER_SENT, tenant: 'globex-002', dueMs: 15 },
    ]),
  );
  assert.equal(table.n, 2);
  const expected = [
    {
      id: '5f3a9c1e-0',
      dueAtMs: STARTED_AT_MS + 5,
      lateMs: 0.25,
      serviceMs: 80,
      modelMs: 60,
      operation: 'chat',
      tenant: 'acme-corp-001',
      failure: null,
      isolated: true,
      connectionReused: true,
    },
    {
      id: '5f3a9c1e-1',
      dueAtMs: STARTED_AT_MS + 15,
      ...NEVER_SENT,
      operation: 'classify',
      tenant: 'globex-002',
    },
  ];
  let at = 0;
  // The object is the same each time, and a field is read when it is asked for.
  for (const request of table.judged()) {
    for (const [field, value] of Object.entries(expected[at++] ?? {})) {
      assert.equal(request[field as keyof LoadRequest], value, field);
    }
  }
  assert.equal(at, expected.length);
});

test('a search is split into its steps, in the order in which they began, however many lines each has', () => {
  const table = tableOf(
    stepLineOf(20, [{}, {}]),
    stepLineOf(40, [{}], { warmUp: true }),
    stepLineOf(40, [{}, {}, {}]),
    stepLineOf(30, [{}]),
    stepLineOf(20, [{}]),
  );
  assert.deepEqual(
    table.steps().map(({ step, table: { n } }) => [step.ratePerSecond, n]),
    [
      [20, 3],
      [40, 3],
      [30, 1],
    ],
  );
});

test('joined records have each line of a load once, and a table for each load', () => {
  const [first, second] = [loadLineOf([{}, {}]), loadLineOf([{}], { index: [2] })];
  const other = loadLineOf([{}], { workload: 'peak', scope: '00000001' });
  const lines = [runOf([]), first, second, other, first].map((line) => JSON.stringify(line));
  const { loads } = parseRunRecord(lines.join('\n'), 'measurements.ndjson', METRICS);
  assert.deepEqual(
    loads.map(({ workload, n }) => [workload, n]),
    [
      ['sustained', 3],
      ['peak', 1],
    ],
  );
});

test('a line with columns of different lengths makes a record invalid, and the error names it', () => {
  const broken = { ...loadLineOf([{}, {}]), failure: [null] };
  const text = [runOf([]), broken].map((line) => JSON.stringify(line)).join('\n');
  assert.throws(
    () => parseRunRecord(text, 'x.ndjson', METRICS),
    /line 2[\s\S]*columns of one length/,
  );
});

const lineOf = (...index: number[]) =>
  loadLineOf(
    index.map(() => ({})),
    { index },
  );

test('the lines of a load make one table, and a line that is there twice counts once', () => {
  const blocks = blocksOf([lineOf(0, 1), lineOf(2, 3), lineOf(0, 1)]);
  const [table, ...others] = buildLoadTables(blocks, 'record');
  assert.equal(table?.n, 4);
  assert.deepEqual(others, []);
});

test('a missing line, at the start or in the middle, is an error', () => {
  for (const lines of [[lineOf(2, 3)], [lineOf(0, 1), lineOf(4, 5)], [lineOf(0, 2)]]) {
    assert.throws(() => buildLoadTables(blocksOf(lines), 'measurements.ndjson'), {
      code: 'RECORD_INVALID',
      message: /lacks requests of the load "sustained"/,
    });
  }
});

/** Requests as [due, end], in ms. */
const silencesOf = (...times: [dueMs: number, endMs: number][]) =>
  tableOf(
    loadLineOf(times.map(([dueMs, endMs]) => ({ dueMs, lateMs: 0, serviceMs: endMs - dueMs }))),
  ).silences.map(({ silentMs }) => silentMs);

test('a silence lasts from one answer to the next', () => {
  assert.deepEqual(silencesOf([0, 100], [50, 150], [90, 400]), [250]);
});

test('a time without a request in flight is no silence', () => {
  assert.deepEqual(silencesOf([0, 100], [900, 950]), [100]);
});

test('a silence begins with the earliest waiting request, or with the last answer before it', () => {
  assert.deepEqual(silencesOf([0, 50], [100, 3200], [200, 3200], [300, 3201]), [50, 3100]);
  assert.deepEqual(silencesOf([0, 150], [100, 3200]), [150, 3050]);
});

test('a second in which no request ended is left out, and the others keep their numbers', () => {
  const table = tableOf(
    loadLineOf([50, 3200].map((serviceMs, at) => ({ dueMs: at * 100, lateMs: 0, serviceMs }))),
  );
  assert.deepEqual(
    table.silences.map(({ second }) => second),
    [0, 3],
  );
});

test('each second has its longest silence, and a request that was never sent has none', () => {
  assert.deepEqual(silencesOf([0, 10], [10, 40], [1500, 1700], [1800, 1805]), [30, 200]);
  assert.deepEqual(tableOf(loadLineOf([NEVER_SENT])).silences, []);
});

test('in any order of requests the silences are those that a search through all of them finds', () => {
  const ms = fc.integer({ min: 0, max: 3000 });
  const property = fc.property(fc.array(fc.tuple(ms, ms), { maxLength: 12 }), (times) => {
    const requests = times.map(([dueMs, tookMs]) => ({ dueMs, lateMs: 0, serviceMs: tookMs }));
    const found = tableOf(loadLineOf(requests)).silences.map(({ silentMs }) => silentMs);
    assert.deepEqual(found, searchSilences(times));
  });
  fc.assert(property, { seed: 1, numRuns: 500 });
});

test('a load of several slices, with requests that hang over from one to the next, has the silences of all its requests at once', () => {
  const draw = seededDraw(3);
  const all = Array.from({ length: 250_000 }, (_, at) => {
    const isHung = draw() < 0.000_1;
    const dueMs = 10 * at + (isHung ? -3_000 * draw() : 0);
    return {
      dueMs: Math.max(0, dueMs),
      lateMs: 0,
      serviceMs: isHung ? 90_000 * draw() : 15 * draw(),
    };
  });
  const line = loadLineOf(all);
  const inOrder = line.dueMs.map((dueMs, at) => {
    const dueAtMs = STARTED_AT_MS + dueMs;
    return { dueAtMs, endMs: dueAtMs + (line.serviceMs[at] ?? 0) };
  });
  const ends = inOrder.map(({ endMs }) => endMs);
  inOrder.sort((a, b) => a.dueAtMs - b.dueAtMs);
  const bySecond = new Map<number, number>();
  let [lastMs, waiting] = [Number.NEGATIVE_INFINITY, 0];
  for (const endMs of ends.sort((a, b) => a - b)) {
    while ((inOrder[waiting]?.endMs ?? 0) < endMs) waiting++;
    const silentMs = endMs - Math.max(lastMs, inOrder[waiting]?.dueAtMs ?? 0);
    const second = Math.floor((endMs - (inOrder[0]?.dueAtMs ?? 0)) / 1000);
    bySecond.set(second, Math.max(silentMs, bySecond.get(second) ?? 0));
    lastMs = endMs;
  }
  assert.deepEqual(
    tableOf(line).silences.map(({ second, silentMs }) => [second, silentMs]),
    [...bySecond],
  );
});

/** For each answer: the time since the answer before it, or since the intended start of the earliest request that still waits. */
function searchSilences(times: [dueMs: number, tookMs: number][]): number[] {
  const ends = times.map(([due, took]) => due + took).sort((a, b) => a - b);
  const startMs = Math.min(...times.map(([due]) => due));
  const bySecond = new Map<number, number>();
  for (const [at, end] of ends.entries()) {
    const out = times.filter(([due, took]) => due + took >= end).map(([due]) => due);
    const silentMs = end - Math.max(ends[at - 1] ?? Number.NEGATIVE_INFINITY, Math.min(...out));
    const second = Math.floor((end - startMs) / 1000);
    bySecond.set(second, Math.max(silentMs, bySecond.get(second) ?? 0));
  }
  return [...bySecond.values()];
}

test('a shard holds each request whose place is its own, and no other', () => {
  const shard = { index: 2, of: 3 };
  assert.equal(buildLoadTables(blocksOf([lineOf(1, 4), lineOf(7)]), 'record', shard)[0]?.n, 3);
  for (const lines of [[lineOf(0, 3)], [lineOf(1, 2)], [lineOf(1), lineOf(7)], [lineOf(4)]]) {
    assert.throws(() => buildLoadTables(blocksOf(lines), 'record', shard), {
      code: 'RECORD_INVALID',
    });
  }
});
