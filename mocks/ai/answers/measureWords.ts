import type { Measure, Subject } from './vocabulary.ts';

/** How questions name a measure, the more specific before those that they contain, and what the measure is of. */
export const MEASURE_WORDS: readonly { measure: Measure; subject: Subject; words: RegExp }[] = [
  {
    measure: 'mrr',
    subject: 'revenue',
    words: /\bmrr\b|\bmonthly recurring(?: revenue)?\b/i,
  },
  {
    measure: 'arr',
    subject: 'revenue',
    words: /\barr\b|\b(?:annual(?:ly)?|yearly) recurring(?: revenue)?\b/i,
  },
  {
    measure: 'arpu',
    subject: 'customers',
    words: /\barpu\b|\brevenue per (?:user|customer|account)\b/i,
  },
  {
    measure: 'op_margin_pct',
    subject: 'margin',
    words: /\bop_margin_pct\b|\boperating margins?\b/i,
  },
  {
    measure: 'gm_pct',
    subject: 'margin',
    words:
      /\bgm_pct\b|\bgm ?%|\bgross margin (?:percent(?:age)?|pct|rate|%)|\bpercent gross margin\b/i,
  },
  { measure: 'gm', subject: 'margin', words: /\bgm\b|\bgross margins?\b/i },
  { measure: 'gross_profit', subject: 'profit', words: /\bgross_profit\b|\bgross profits?\b/i },
  { measure: 'margin_pct', subject: 'margin', words: /\bmargin_pct\b|\bmargins?\b/i },
  {
    measure: 'churn_rate',
    subject: 'customers',
    words: /\bchurn(?:ed)?\b|\bchurn_rate\b|\battrition\b/i,
  },
  { measure: 'ltv', subject: 'customers', words: /\bc?ltv\b|\blife ?time value\b/i },
  { measure: 'nps', subject: 'customers', words: /\bnps\b|\bnet promoter\b/i },
  {
    measure: 'cac',
    subject: 'marketing',
    words: /\bcac\b|\b(?:customer )?acquisition costs?\b/i,
  },
  {
    measure: 'aov',
    subject: 'orders',
    words: /\baov\b|\b(?:average|mean) order (?:value|size)\b|\bbasket (?:value|size)\b/i,
  },
  {
    measure: 'return_rate',
    subject: 'orders',
    words: /\breturn_rate\b|\breturn rates?\b|\breturns\b/i,
  },
  { measure: 'pipeline_value', subject: 'sales', words: /\bpipelines?\b|\bpipeline_value\b/i },
  { measure: 'win_rate', subject: 'sales', words: /\bwin[_ -]?rates?\b/i },
  { measure: 'deal_count', subject: 'sales', words: /\bdeals?\b|\bdeal_count\b/i },
  {
    measure: 'conversion_rate',
    subject: 'marketing',
    words: /\bconver(?:sions?|ted|t)\b|\bconversion_rate\b/i,
  },
  { measure: 'signup_count', subject: 'marketing', words: /\bsign[_ -]?ups?\b|\bsignup_count\b/i },
  { measure: 'lead_count', subject: 'marketing', words: /\bleads?\b|\blead_count\b/i },
  { measure: 'revenue', subject: 'revenue', words: /\brevenues?\b|\bturnover\b/i },
];
