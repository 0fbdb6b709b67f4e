import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadTenants, QUARTERS } from './loadTenants.ts';
import { addComparedQuarters, parsePeriod } from './retrieveFigures.ts';

const compared: [intent: string, asked: string[], needed: string[]][] = [
  ['what', ['2025-Q3'], ['2025-Q3']],
  ['compare', ['2025-Q1'], ['2024-Q4', '2025-Q1']],
  ['why', ['2024-Q1'], ['2024-Q1']],
  ['trend', ['2025-Q4'], QUARTERS],
  ['trend', [], []],
  ['forecast', [], QUARTERS],
  ['forecast', ['2025-Q1'], QUARTERS],
];

test('a question needs the quarters that it asks for, and those that its intent compares them with', () => {
  for (const [intent, asked, needed] of compared)
    assert.deepEqual(addComparedQuarters(intent, asked, QUARTERS), needed, intent);
});

const cases: Record<string, string[]> = {
  Q3: ['2025-Q3'],
  q4: ['2025-Q4'],
  '2025-Q3': ['2025-Q3'],
  '2024-Q3': ['2024-Q3'],
  'Q3 2024': ['2024-Q3'],
  '2025Q1': ['2025-Q1'],
  'Q2 and Q3': ['2025-Q2', '2025-Q3'],
  'Q3 2024 vs Q3 2025': ['2024-Q3', '2025-Q3'],
  'H1 2024': ['2024-Q1', '2024-Q2'],
  '2024': ['2024-Q1', '2024-Q2', '2024-Q3', '2024-Q4'],
  'FY 2024': ['2024-Q1', '2024-Q2', '2024-Q3', '2024-Q4'],
  'last quarter': ['2025-Q4'],
  'this year': ['2025-Q1', '2025-Q2', '2025-Q3', '2025-Q4'],
  '': ['2025-Q4'],
  'Q3 2019': [],
  '2031': [],
  '2025-09': [],
  'last month': [],
  Q5: [],
  'the day before yesterday': [],
};

for (const [period, expected] of Object.entries(cases)) {
  test(`"${period}" means ${expected.join(', ') || 'nothing known'}`, () => {
    assert.deepEqual(parsePeriod(period, QUARTERS), expected);
  });
}

test('a quarter without a year is the latest one with figures', () => {
  assert.deepEqual(parsePeriod('Q3', ['2024-Q3', '2025-Q1']), ['2024-Q3']);
});

test('without known quarters no quarter is asked for', () => {
  for (const period of [null, 'Q3', '2025']) assert.deepEqual(parsePeriod(period, []), []);
});

test('the seed tenants have the figures that the seed data fixes', () => {
  const tables = loadTenants(0);
  assert.deepEqual(tables.tenantIds(), ['acme-corp-001', 'techstart-inc-002']);
  const readFigure = (metric: string, quarter: string) =>
    tables.readRows('acme-corp-001', metric).find(({ sk }) => sk === quarter);
  assert.equal(readFigure('revenue', '2025-Q3')?.value, 2_500_000);
  assert.equal(readFigure('revenue', '2025-Q4')?.value, 2_750_000);
  assert.equal(readFigure('margin', '2025-Q3')?.value, 0.35);
  assert.equal(readFigure('revenue', '2025-Q3')?.table, 'tenant-acme-corp-001-metrics');
  tables.close();
});

test('no two tenants have a revenue in common, so that a foreign figure is recognised', () => {
  const tables = loadTenants(200);
  const revenues = tables
    .tenantIds()
    .map((id) => tables.readRows(id, 'revenue').map(({ value }) => value));
  assert.equal(revenues.flat().length, 202 * QUARTERS.length);
  const distinctByTenant = revenues.map((own) => [...new Set(own)]);
  assert.equal(new Set(revenues.flat()).size, distinctByTenant.flat().length);
  tables.close();
});

test('extra tenants have the same figures every time', () => {
  const [one, two] = [loadTenants(2), loadTenants(5)];
  assert.deepEqual(one.readRows('tenant-0002', 'mrr'), two.readRows('tenant-0002', 'mrr'));
  assert.equal(one.readRows('tenant-0002', 'mrr').length, QUARTERS.length);
  one.close();
  two.close();
});

test('an unknown tenant has no rows, and only valid tenant ids reach SQL', () => {
  const tables = loadTenants(0);
  assert.deepEqual(tables.readRows('nobody', 'revenue'), []);
  assert.deepEqual(tables.readRows('"; DROP TABLE "tenant-acme-corp-001-metrics', 'revenue'), []);
  for (const id of ['', 'Acme', 'a"b', 'a b', 'a'.repeat(65)]) {
    assert.throws(() => tables.addTenant(id, []), RangeError, id);
  }
  tables.close();
});
