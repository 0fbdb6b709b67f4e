import type { Classification } from '../classify/classificationSchema.ts';
import { askedQuarters } from './askedQuarters.ts';
import type { DataReference } from './dataReference.ts';
import { metricOf } from './metricOf.ts';
import type { TenantTables } from './tenantTables.ts';
import { withComparison } from './withComparison.ts';

/** A quarter without its year: what the question calls the one row that answers it. */
const bareQuarter = /^Q[1-4]$/i;

/** The tenant's figures that a classified question asks for, oldest first; none where it has none. */
export function retrieveFigures(
  tables: TenantTables,
  query: { tenantId: string; classification: Classification; period: string | null },
): DataReference[] {
  const { tenantId, classification, period } = query;
  const metric = metricOf(classification.measure);
  const rows = tables.rowsOf(tenantId, metric);
  const known = rows.map((row) => row.sk);
  const asked = askedQuarters(period, known);
  const wanted = new Set(withComparison(classification.intent, asked, known));
  const found = rows.filter((row) => wanted.has(row.sk));
  const bare = found.length === 1 && period !== null && bareQuarter.test(period) ? period : null;
  return found.map(({ table, pk, sk, value, unit }) => ({
    metric,
    period: bare ?? sk,
    value,
    unit,
    source: { table, pk, sk },
  }));
}
