import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadTenants, QUARTERS } from './loadTenants.ts';

const figure = (tables: ReturnType<typeof loadTenants>, id: string, metric: string, sk: string) =>
  tables.rowsOf(id, metric).find((row) => row.sk === sk)?.value;

test('the seed tenants have the figures that the seed data fixes', () => {
  const tables = loadTenants(0);
  assert.deepEqual(tables.tenantIds(), ['acme-corp-001', 'techstart-inc-002']);
  assert.equal(figure(tables, 'acme-corp-001', 'revenue', '2025-Q3'), 2_500_000);
  assert.equal(figure(tables, 'acme-corp-001', 'revenue', '2025-Q4'), 2_750_000);
  assert.equal(figure(tables, 'acme-corp-001', 'margin', '2025-Q3'), 0.35);
  const [row] = tables.rowsOf('acme-corp-001', 'revenue');
  assert.equal(row?.table, 'tenant-acme-corp-001-metrics');
  tables.close();
});

test('no two tenants share a revenue, so that a foreign figure is recognised', () => {
  const tables = loadTenants(200);
  const revenues = tables
    .tenantIds()
    .flatMap((id) => tables.rowsOf(id, 'revenue').map((row) => row.value));
  const ofTenant = new Map(
    tables
      .tenantIds()
      .map((id) => [id, new Set(tables.rowsOf(id, 'revenue').map((row) => row.value))]),
  );
  assert.equal(revenues.length, 202 * QUARTERS.length);
  for (const [id, own] of ofTenant) {
    for (const [other, theirs] of ofTenant) {
      if (id !== other) assert.ok(own.isDisjointFrom(theirs), `${id} and ${other}`);
    }
  }
  tables.close();
});

test('extra tenants have the same figures every time', () => {
  const [one, two] = [loadTenants(2), loadTenants(5)];
  assert.deepEqual(one.rowsOf('tenant-0002', 'mrr'), two.rowsOf('tenant-0002', 'mrr'));
  assert.equal(one.rowsOf('tenant-0002', 'mrr').length, QUARTERS.length);
  one.close();
  two.close();
});

test('an unknown tenant has no rows, and only valid tenant ids reach SQL', () => {
  const tables = loadTenants(0);
  assert.deepEqual(tables.rowsOf('nobody', 'revenue'), []);
  assert.deepEqual(tables.rowsOf('"; DROP TABLE "tenant-acme-corp-001-metrics', 'revenue'), []);
  for (const id of ['', 'Acme', 'a"b', 'a b', 'a'.repeat(65)]) {
    assert.throws(() => tables.addTenant(id, []), RangeError, id);
  }
  tables.close();
});
