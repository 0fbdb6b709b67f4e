const NAMES: Record<string, string> = {
  mrr: 'MRR',
  arr: 'ARR',
  ltv: 'LTV',
  nps: 'NPS',
  cac: 'CAC',
  arpu: 'ARPU',
  aov: 'average order value',
  gm: 'gross margin',
  gm_pct: 'gross margin',
  margin_pct: 'margin',
  op_margin_pct: 'operating margin',
  productLines: 'product lines',
  timePeriods: 'time periods',
};

/** A metric, measure or subject in words: `gm_pct` → gross margin, `win_rate` → win rate. */
export function metricName(metric: string): string {
  return NAMES[metric] ?? metric.replaceAll('_', ' ');
}
