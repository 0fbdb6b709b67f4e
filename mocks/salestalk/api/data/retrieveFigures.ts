import type { Classification } from '../classify/classification.ts';
import type { TenantTables } from './tenantTables.ts';

const LATEST_WORDS = /\b(latest|current|last|this|recent|now)\b/i;
const FINER_WORDS = /\b(month|week|day)\b/i;
const YEAR_PATTERN = /(?<!\d)(?:19|20)\d{2}(?!\d)/g;
/** The words that may stand beside years that are asked for as a whole. */
const BETWEEN_YEARS = /^(fy|year|and|to|vs|[\s.,–-])*$/i;

/** A quarter without its year, as a question may name it. */
const BARE_QUARTER = /^Q[1-4]$/i;

export function retrieveFigures(
  tables: TenantTables,
  query: { tenantId: string; classification: Classification; period: string | null },
): DataReference[] {
  const { tenantId, classification, period } = query;
  const metric = storedMetric(classification.measure);
  const rows = tables.readRows(tenantId, metric);
  const known = rows.map((row) => row.sk);
  const asked = parsePeriod(period, known);
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
  /** The quarter as `2025-Q3`; as `Q3` where the question named it so and this is the only figure. */
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

/** The quarters that an answer needs, oldest first: those asked for, and those that its intent compares them with. */
export function addComparedQuarters(
  intent: string,
  asked: readonly string[],
  known: readonly string[],
): string[] {
  // A forecast asks for a quarter to come, and rests on all known ones.
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

/**
 * The `known` quarters that a period in plain words means, oldest first; none if it cannot be read.
 * `Q3` is the latest Q3, `2025` all of its quarters; `last quarter`, and no period at all, is the latest quarter.
 */
export function parsePeriod(period: string | null, known: readonly string[]): string[] {
  const text = period?.trim() ?? '';
  if (text === '') return known.slice(-1);

  const years = text.match(YEAR_PATTERN);
  const selectYears = (keys: readonly string[]): string[] =>
    years === null
      ? selectLatest(keys)
      : keys.filter((key) => years.some((year) => key.startsWith(year)));

  const numbers = findQuarterNumbers(text);
  if (numbers.size > 0) return selectYears(known.filter((key) => numbers.has(key.slice(-1))));
  if (years !== null)
    return BETWEEN_YEARS.test(text.replace(YEAR_PATTERN, '')) ? selectYears(known) : [];
  if (FINER_WORDS.test(text) || !LATEST_WORDS.test(text)) return [];
  return /\byear\b/i.test(text) ? selectLatest(known) : known.slice(-1);
}

/** The digits of the quarters that a text names; a half of a year is two quarters. */
function findQuarterNumbers(text: string): Set<string> {
  const inQuarters = text.replace(/(?<![a-z])h\s?([12])(?!\d)/gi, (_, half) =>
    half === '1' ? 'q1 q2' : 'q3 q4',
  );
  const quarters = inQuarters.matchAll(/(?<![a-z])q\s?([1-4])(?!\d)/gi);
  return new Set([...quarters].map(([, quarter = '']) => quarter));
}

/** The latest first, second, third and fourth quarter among the keys. */
function selectLatest(keys: readonly string[]): string[] {
  const latest = new Map(keys.map((key) => [key.slice(-2), key]));
  return [...latest.values()].sort();
}
