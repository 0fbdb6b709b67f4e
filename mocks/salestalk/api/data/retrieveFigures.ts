import type { Classification } from '../classify/classification.ts';
import { askedQuarters } from './askedQuarters.ts';
import type { TenantTables } from './tenantTables.ts';

/** A quarter without its year: what the question calls the one row that answers it. */
const BARE_QUARTER = /^Q[1-4]$/i;

/** The tenant's figures that a classified question asks for, oldest first. */
export function retrieveFigures(
  tables: TenantTables,
  query: { tenantId: string; classification: Classification; period: string | null },
): DataReference[] {
  const { tenantId, classification, period } = query;
  const metric = storedMetric(classification.measure);
  const rows = tables.rowsOf(tenantId, metric);
  const known = rows.map((row) => row.sk);
  const asked = askedQuarters(period, known);
  const wanted = new Set(addComparedQuarters(classification.intent, asked, known));
  const found = rows.filter((row) => wanted.has(row.sk));
  const bare = found.length === 1 && period !== null && BARE_QUARTER.test(period) ? period : null;
  return found.map(({ table, pk, sk, value, unit }) => ({
    metric,
    period: bare ?? sk,
    value,
    unit,
    source: { table, pk, sk },
  }));
}

/** A figure that an answer rests on, with the row it came from. */
export type DataReference = {
  /** Name of the metric as it is stored, for example `revenue`. */
  metric: string;
  /** The quarter as `2025-Q3`, or as `Q3` where the question named it so and this is the only figure. */
  period: string;
  value: number;
  /** `USD`, `ratio`, `count` or `points`. */
  unit: string;
  source: { table: string; pk: string; sk: string };
};

/** Measures that are stored under another name. */
const STORED_METRICS: ReadonlyMap<string, string> = new Map([
  ['gm', 'gross_profit'],
  ['gm_pct', 'margin'],
  ['margin_pct', 'margin'],
]);

/** The metric whose figures answer a question for `measure`. */
export function storedMetric(measure: string): string {
  return STORED_METRICS.get(measure) ?? measure;
}

/**
 * The quarters an answer needs, oldest first: those asked for, and for an intent that sets them against others, more: the
 * one before to compare or explain, all before for a trend, and for a forecast all there are, since what is asked for is
 * still to come.
 */
export function addComparedQuarters(
  intent: string,
  asked: readonly string[],
  known: readonly string[],
): string[] {
  if (intent === 'forecast') return [...known];
  const first = asked[0];
  if (first === undefined) return [];
  const before = known.filter((quarter) => quarter < first);
  if (intent === 'trend') return [...before, ...asked];
  if (intent === 'compare' || intent === 'why' || intent === 'anomaly') {
    return [...before.slice(-1), ...asked];
  }
  return [...asked];
}
