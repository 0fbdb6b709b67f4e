const names: Record<string, string> = {
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
export function plainName(term: string): string {
  if (Object.hasOwn(names, term)) return String(names[term]);
  const words = term
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
