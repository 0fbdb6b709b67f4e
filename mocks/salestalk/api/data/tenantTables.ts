import { DatabaseSync, type StatementSync } from 'node:sqlite';

const TENANT_ID = /^[a-z0-9-]{1,64}$/;

type MetricRow = { table: string; pk: string; sk: string; value: number; unit: string };

export type TenantTables = ReturnType<typeof openTenantTables>;

/** One SQL table per tenant, in memory. A query names one table, so that no mistake in a WHERE can mix tenants. */
export function openTenantTables() {
  const database = new DatabaseSync(':memory:');
  const queries = new Map<string, StatementSync>();
  const tableName = (tenantId: string): string => `tenant-${tenantId}-metrics`;

  return {
    addTenant(tenantId: string, figures: readonly Figure[]): void {
      if (!isTenantId(tenantId)) throw new RangeError(`"${tenantId}" cannot name a tenant`);
      const table = `"${tableName(tenantId)}"`;
      database.exec(
        `CREATE TABLE ${table} (pk TEXT, sk TEXT, value REAL NOT NULL, unit TEXT NOT NULL, PRIMARY KEY (pk, sk)) WITHOUT ROWID`,
      );
      const insert = database.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, ?)`);
      database.exec('BEGIN');
      for (const { metric, quarter, value, unit } of figures) {
        insert.run(`METRIC#${metric}`, quarter, value, unit);
      }
      database.exec('COMMIT');
      const select = `SELECT pk, sk, value, unit FROM ${table} WHERE pk = ? ORDER BY sk`;
      queries.set(tenantId, database.prepare(select));
    },
    tenantIds: (): string[] => [...queries.keys()],
    /** The tenant's rows of one metric, oldest first; none for a tenant without a table. */
    readRows: (tenantId: string, metric: string): MetricRow[] =>
      (queries.get(tenantId)?.all(`METRIC#${metric}`) ?? []).map((row) => ({
        table: tableName(tenantId),
        pk: String(row.pk),
        sk: String(row.sk),
        value: Number(row.value),
        unit: String(row.unit),
      })),
    close: (): void => database.close(),
  };
}

/** True for a text that may name a tenant. Only such a text may become part of a table's name. */
export function isTenantId(value: unknown): value is string {
  return typeof value === 'string' && TENANT_ID.test(value);
}

export type Unit = 'USD' | 'ratio' | 'count' | 'points';

/** One row of a tenant's table. Quarters are written `2025-Q3`. */
export type Figure = { metric: string; quarter: string; value: number; unit: Unit };
