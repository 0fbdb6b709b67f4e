import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLineOf, NEVER_SENT, stepLineOf, tableOf } from '../testing/loadOf.ts';
import { runOf, STARTED_AT_MS } from '../testing/recordOf.ts';
import { compactLine } from './loadLine.ts';
import { tablesOf } from './loadTable.ts';
import { parseRunRecord } from './runRecord.ts';

test('each request is read off its columns, the warm-up left out', () => {
  const table = tableOf(
    loadLineOf([{ tenant: 'early' }], { warmUp: true }),
    loadLineOf([
      { dueMs: 5, operation: 'chat' },
      { ...NEVER_SENT, tenant: 'globex-002', dueMs: 15 },
    ]),
  );
  // The object is the same each time.
  const requests = Array.from(table.judged(), ({ id, line: _, at: __, ...request }) => ({
    id,
    ...request,
  }));
  assert.equal(table.n, 2);
  assert.deepEqual(requests, [
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
  ]);
});

test('a search falls into its steps, in the order in which they began, however many lines each has', () => {
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

test('records that are joined have each line of a load once, and a table for each load', () => {
  const [first, second] = [loadLineOf([{}, {}]), loadLineOf([{}], { index: [2] })];
  const other = loadLineOf([{}], { workload: 'peak', scope: '00000001' });
  const lines = [runOf([]), first, second, other, first].map((line) => JSON.stringify(line));
  const { loads } = parseRunRecord(lines.join('\n'), 'measurements.ndjson');
  assert.deepEqual(
    loads.map(({ workload, n }) => [workload, n]),
    [
      ['sustained', 3],
      ['peak', 1],
    ],
  );
});

test('a line with columns of several lengths makes a record invalid, and it is named', () => {
  const broken = { ...loadLineOf([{}, {}]), failure: [null] };
  const text = [runOf([]), broken].map((line) => JSON.stringify(line)).join('\n');
  assert.throws(() => parseRunRecord(text, 'x.ndjson'), /line 2[\s\S]*columns of one length/);
});

const lineOf = (...index: number[]) =>
  compactLine(
    loadLineOf(
      index.map(() => ({})),
      { index },
    ),
  );

test('lines of a load make one table, and one that stands twice counts once', () => {
  const [table, ...others] = tablesOf([lineOf(0, 1), lineOf(2, 3), lineOf(0, 1)], 'record');
  assert.equal(table?.n, 4);
  assert.deepEqual(others, []);
});

test('a line that is lost, at the start or in the middle, is an error', () => {
  for (const lines of [[lineOf(2, 3)], [lineOf(0, 1), lineOf(4, 5)], [lineOf(0, 2)]]) {
    assert.throws(() => tablesOf(lines, 'measurements.ndjson'), {
      code: 'RECORD_INVALID',
      message: /lacks requests of the load "sustained"/,
    });
  }
});
