const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const NAMES: Record<string, string> = {
  mrr: 'Monthly recurring revenue',
  arr: 'Annual recurring revenue',
  gm: 'Gross margin',
  gm_pct: 'Gross margin',
  ltv: 'Customer lifetime value',
  nps: 'Net promoter score',
  cac: 'Customer acquisition cost',
  arpu: 'Revenue per user',
  aov: 'Average order value',
  margin_pct: 'Margin',
  op_margin_pct: 'Operating margin',
  reps: 'Sales reps',
};

/** A subject or measure of the vocabulary in plain words: `churn_rate` → `Churn rate`, `productLines` → `Product lines`. */
export function formatTerm(term: string): string {
  if (Object.hasOwn(NAMES, term)) return String(NAMES[term]);
  const words = term
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A period as people write it: `2025-Q3` → `Q3 2025`, `2025-09` → `Sep 2025`; any other is left as it is. */
export function formatPeriod(period: string): string {
  const [, year, part] = /^(\d{4})-(Q[1-4]|0[1-9]|1[0-2])$/.exec(period) ?? [];
  if (year === undefined || part === undefined) return period;
  const name = part.startsWith('Q') ? part : MONTHS[Number(part) - 1];
  return `${name} ${year}`;
}

/** A figure with its unit: `$2,500,000`, `35%`. `compact` is for the ends of a scale: `$2.5M`. */
export function formatFigure(
  value: number,
  unit: string | null,
  form: 'exact' | 'compact' = 'exact',
): string {
  const show = (options: Intl.NumberFormatOptions): string =>
    new Intl.NumberFormat('en-US', options).format(value);
  const notation = form === 'compact' ? 'compact' : 'standard';
  if (unit === 'ratio') return show({ style: 'percent', maximumFractionDigits: 1 });
  if (unit !== null && /^[A-Z]{3}$/.test(unit)) {
    const cents = form === 'exact' && !Number.isInteger(value) ? 2 : 0;
    const maximumFractionDigits = form === 'compact' ? 1 : cents;
    const digits = { minimumFractionDigits: cents, maximumFractionDigits };
    return show({ style: 'currency', currency: unit, notation, ...digits });
  }
  const number = show({ notation, maximumFractionDigits: 2 });
  if (unit === null || unit === 'count' || unit === 'score') return number;
  return unit === 'percent' ? `${number}%` : `${number} ${unit}`;
}
