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

/** How questions show what they want, most telling first: "what drove revenue by region" asks why. */
export const INTENT_WORDS: readonly { intent: Intent; words: RegExp }[] = [
  {
    intent: 'correlation',
    words: /\bcorrelat|\brelationship between\b|\brelated? to\b|\b(?:impact|effect) of\b/i,
  },
  {
    intent: 'anomaly',
    words: /\banomal|\boutliers?\b|\bunusual|\babnormal|\bunexpected|\bspikes?\b|\bstrange\b/i,
  },
  {
    intent: 'why',
    words: /\bwhy\b|\breasons?\b|\bwhat (?:drove|drives|caused|causes|explains)\b|\bdrivers?\b/i,
  },
  {
    intent: 'forecast',
    words: /\bforecast|\bpredict|\bproject(?:ion|ed)\b|\boutlook\b|\bwill\b|\bexpect(?:ed)?\b/i,
  },
  {
    intent: 'target',
    words: /\btargets?\b|\bgoals?\b|\bquotas?\b|\bon track\b|\bagainst plan\b|\bto plan\b/i,
  },
  { intent: 'compare', words: /\bcompar|\bversus\b|\bvs\b|\bdifference between\b|\bthan\b/i },
  {
    intent: 'rank',
    words:
      /\brank|\btop\b|\bbest\b|\bworst\b|\bbottom\b|\bhighest\b|\blowest\b|\bmost\b|\bleast\b/i,
  },
  {
    intent: 'trend',
    words:
      /\btrend|\bover time\b|\bover the (?:last|past)\b|\bevol|\bdevelop|\bby (?:day|week|month|quarter|year)\b|\bgrow/i,
  },
  {
    intent: 'breakdown',
    words: /\bbreak\s?down\b|\bbroken down\b|\bsplit\b|\bcomposition\b|\bby \w+|\bper \w+/i,
  },
  { intent: 'what', words: /\bwhat\b|\bhow (?:much|many)\b|\bshow\b|\bgive\b|\btell\b|\bis\b/i },
];

/** How questions name a subject, and the measure meant when they name none. */
export const SUBJECT_WORDS: readonly { subject: Subject; measure: Measure; words: RegExp }[] = [
  { subject: 'profit', measure: 'gross_profit', words: /\bprofits?\b|\bearnings\b/i },
  {
    subject: 'orders',
    measure: 'order_count',
    words: /\borders?\b|\border_count\b|\bpurchases\b/i,
  },
  {
    subject: 'customers',
    measure: 'customer_count',
    words: /\bcustomers?\b|\bcustomer_count\b|\bclients?\b|\baccounts\b/i,
  },
  { subject: 'marketing', measure: 'lead_count', words: /\bmarketing\b|\bcampaigns?\b/i },
  {
    subject: 'reps',
    measure: 'deal_count',
    words: /\b(?:sales ?)?reps?\b|\bsellers?\b|\bsales ?people\b/i,
  },
  { subject: 'productLines', measure: 'revenue', words: /\bproduct ?lines?\b/i },
  { subject: 'products', measure: 'revenue', words: /\bproducts?\b/i },
  { subject: 'regions', measure: 'revenue', words: /\bregions?\b|\bterritor(?:y|ies)\b/i },
  { subject: 'segments', measure: 'revenue', words: /\bsegments?\b/i },
  { subject: 'sales', measure: 'revenue', words: /\bsales\b|\bsell(?:ing)?\b|\bsold\b/i },
  {
    subject: 'timePeriods',
    measure: 'revenue',
    words: /\btime periods?\b|\bwhich (?:quarter|month|year)\b/i,
  },
];

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

/** What figures are split by, in the words that follow "by", "per", "across" or "for each". */
export const DIMENSION_WORDS: readonly { dimension: string; words: RegExp }[] = [
  { dimension: 'productLine', words: splitBy('product ?lines?') },
  { dimension: 'product', words: splitBy('products?') },
  { dimension: 'region', words: splitBy('regions?|territor(?:y|ies)') },
  { dimension: 'country', words: splitBy('countr(?:y|ies)') },
  { dimension: 'segment', words: splitBy('(?:customer )?segments?') },
  { dimension: 'rep', words: splitBy('(?:sales ?)?reps?|sellers?') },
  { dimension: 'channel', words: splitBy('(?:sales |marketing )?channels?') },
  { dimension: 'customer', words: splitBy('customers?|accounts?') },
];

function splitBy(nouns: string): RegExp {
  return new RegExp(
    `\\b(?:by|per|across|among|for each|in each|which|each)\\s+(?:the\\s+|our\\s+|all\\s+|top\\s+)?(?:${nouns})\\b`,
    'i',
  );
}
