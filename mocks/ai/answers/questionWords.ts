import type { Intent, Measure, Subject } from '../../vocabulary.ts';

/** Matches any of these words or phrases, in any case. */
function words(alternatives: string): RegExp {
  return new RegExp(`(?<!\\w)(?:${alternatives})(?!\\w)`, 'i');
}

/** Words that show an intent, strongest first: "what drove revenue by region" asks why. */
export const INTENT_WORDS: readonly (readonly [Intent, RegExp])[] = [
  ['correlation', words('correlat\\w*|relationship between|related? to|(?:impact|effect) of')],
  [
    'anomaly',
    words('anomal\\w*|outliers?|unusual\\w*|abnormal\\w*|unexpected\\w*|spikes?|strange'),
  ],
  ['why', words('why|reasons?|what (?:drove|drives|caused|causes|explains)|drivers?')],
  ['forecast', words('forecast\\w*|predict\\w*|project(?:ion|ed)|outlook|will|expect(?:ed)?')],
  ['target', words('targets?|goals?|quotas?|on track|against plan|to plan')],
  ['compare', words('compar\\w*|versus|vs|difference between|than')],
  ['rank', words('rank\\w*|top|best|worst|bottom|highest|lowest|most|least')],
  [
    'trend',
    words(
      'trend\\w*|over time|over the (?:last|past)|evol\\w*|develop\\w*|by (?:day|week|month|quarter|year)|grow\\w*',
    ),
  ],
  ['breakdown', words('break\\s?down\\w*|broken down|split|composition|(?:by|per) \\w+')],
  ['what', words('what|how (?:much|many)|show|give|tell|is')],
];

/** Words that name a subject, and the measure that is meant if none is named. */
export const SUBJECT_WORDS: readonly (readonly [Subject, Measure, RegExp])[] = [
  ['profit', 'gross_profit', words('profits?|earnings')],
  ['orders', 'order_count', words('orders?|order_count|purchases')],
  ['customers', 'customer_count', words('customers?|customer_count|clients?|accounts')],
  ['marketing', 'lead_count', words('marketing|campaigns?')],
  ['reps', 'deal_count', words('(?:sales ?)?reps?|sellers?|sales ?people')],
  ['productLines', 'revenue', words('product ?lines?')],
  ['products', 'revenue', words('products?')],
  ['regions', 'revenue', words('regions?|territor(?:y|ies)')],
  ['segments', 'revenue', words('segments?')],
  ['sales', 'revenue', words('sales|sell(?:ing)?|sold')],
  ['timePeriods', 'revenue', words('time periods?|which (?:quarter|month|year)')],
];

/** Words that name a measure, and the subject of the measure. "Gross margin" comes before "margin", which it contains. */
export const MEASURE_WORDS: readonly (readonly [Measure, Subject, RegExp])[] = [
  ['mrr', 'revenue', words('mrr|monthly recurring')],
  ['arr', 'revenue', words('arr|(?:annual(?:ly)?|yearly) recurring')],
  ['arpu', 'customers', words('arpu|revenue per (?:user|customer|account)')],
  ['op_margin_pct', 'margin', words('op_margin_pct|operating margins?')],
  ['gm_pct', 'margin', words('gm_pct|(?:gm|gross margin) ?(?:percent(?:age)?|pct|rate|%)')],
  ['gm', 'margin', words('gm|gross margins?')],
  ['gross_profit', 'profit', words('gross[_ ]profits?')],
  ['margin_pct', 'margin', words('margin_pct|margins?')],
  ['churn_rate', 'customers', words('churn(?:ed|_rate)?|attrition')],
  ['ltv', 'customers', words('c?ltv|life ?time value')],
  ['nps', 'customers', words('nps|net promoter')],
  ['cac', 'marketing', words('cac|acquisition costs?')],
  ['aov', 'orders', words('aov|(?:average|mean) order (?:value|size)|basket (?:value|size)')],
  ['return_rate', 'orders', words('return[_ ]rates?|returns')],
  ['pipeline_value', 'sales', words('pipelines?|pipeline_value')],
  ['win_rate', 'sales', words('win[_ -]?rates?')],
  ['deal_count', 'sales', words('deals?|deal_count')],
  ['conversion_rate', 'marketing', words('conver(?:sions?|ted|t)|conversion_rate')],
  ['signup_count', 'marketing', words('sign[_ -]?ups?|signup_count')],
  ['lead_count', 'marketing', words('leads?|lead_count')],
  ['revenue', 'revenue', words('revenues?|turnover')],
];

/** Words that name a dimension, after "by", "per", "across" or "for each". */
export const DIMENSION_WORDS: readonly (readonly [string, RegExp])[] = [
  ['productLine', splitBy('product ?lines?')],
  ['product', splitBy('products?')],
  ['region', splitBy('regions?|territor(?:y|ies)')],
  ['country', splitBy('countr(?:y|ies)')],
  ['segment', splitBy('(?:customer )?segments?')],
  ['rep', splitBy('(?:sales ?)?reps?|sellers?')],
  ['channel', splitBy('(?:sales |marketing )?channels?')],
  ['customer', splitBy('customers?|accounts?')],
];

function splitBy(nouns: string): RegExp {
  return words(`(?:by|per|across|for each|which|each) (?:(?:the|our|all|top) )?(?:${nouns})`);
}
