/** SalesTalk's classification vocabulary: the only words that a classification may use. */
export const INTENTS = [
  'what',
  'why',
  'compare',
  'trend',
  'forecast',
  'rank',
  'breakdown',
  'target',
  'correlation',
  'anomaly',
] as const;

export const SUBJECTS = [
  'revenue',
  'margin',
  'profit',
  'customers',
  'orders',
  'sales',
  'marketing',
  'products',
  'regions',
  'segments',
  'reps',
  'productLines',
  'timePeriods',
] as const;

export const MEASURES = [
  'revenue',
  'mrr',
  'arr',
  'gm',
  'gm_pct',
  'gross_profit',
  'customer_count',
  'churn_rate',
  'ltv',
  'nps',
  'cac',
  'arpu',
  'order_count',
  'aov',
  'return_rate',
  'pipeline_value',
  'win_rate',
  'deal_count',
  'conversion_rate',
  'signup_count',
  'lead_count',
  'margin_pct',
  'op_margin_pct',
] as const;

export type Intent = (typeof INTENTS)[number];
export type Subject = (typeof SUBJECTS)[number];
export type Measure = (typeof MEASURES)[number];
