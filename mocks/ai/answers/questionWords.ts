import type { Intent, Measure, Subject } from '../../vocabulary.ts';

function matchWords(alternatives: string): RegExp {
  return new RegExp(`(?<!\\w)(?:${alternatives})(?!\\w)`, 'i');
}

/** Words that show an intent, strongest first: "what drove revenue by region" asks why. */
export const INTENT_WORDS: readonly (readonly [Intent, RegExp])[] = [
  ['correlation', matchWords('correlat\\w*|relationship between|related? to|(?:impact|effect) of')],
  [
    'anomaly',
    matchWords('anomal\\w*|outliers?|unusual\\w*|abnormal\\w*|unexpected\\w*|spikes?|strange'),
  ],
  ['why', matchWords('why|reasons?|what (?:drove|drives|caused|causes|explains)|drivers?')],
  ['forecast', matchWords('forecast\\w*|predict\\w*|project(?:ion|ed)|outlook|will|expect(?:ed)?')],
  ['target', matchWords('targets?|goals?|quotas?|on track|against plan|to plan')],
  ['compare', matchWords('compar\\w*|versus|vs|difference between|than')],
  ['rank', matchWords('rank\\w*|top|best|worst|bottom|highest|lowest|most|least')],
  [
    'trend',
    matchWords(
      'trend\\w*|over time|over the (?:last|past)|evol\\w*|develop\\w*|by (?:day|week|month|quarter|year)|grow\\w*',
    ),
  ],
  ['breakdown', matchWords('break\\s?down\\w*|broken down|split|composition|(?:by|per) \\w+')],
  ['what', matchWords('what|how (?:much|many)|show|give|tell|is')],
];

/** Words that name a subject, and the measure that is meant if none is named. */
export const SUBJECT_WORDS: readonly (readonly [Subject, Measure, RegExp])[] = [
  ['profit', 'gross_profit', matchWords('profits?|earnings')],
  ['orders', 'order_count', matchWords('orders?|order_count|purchases')],
  ['customers', 'customer_count', matchWords('customers?|customer_count|clients?|accounts')],
  ['marketing', 'lead_count', matchWords('marketing|campaigns?')],
  ['reps', 'deal_count', matchWords('(?:sales ?)?reps?|sellers?|sales ?people')],
  ['productLines', 'revenue', matchWords('product ?lines?')],
  ['products', 'revenue', matchWords('products?')],
  ['regions', 'revenue', matchWords('regions?|territor(?:y|ies)')],
  ['segments', 'revenue', matchWords('segments?')],
  ['sales', 'revenue', matchWords('sales|sell(?:ing)?|sold')],
  ['timePeriods', 'revenue', matchWords('time periods?|which (?:quarter|month|year)')],
];

/** Words that name a measure, and the subject of the measure. "Gross margin" comes before "margin", which it contains. */
export const MEASURE_WORDS: readonly (readonly [Measure, Subject, RegExp])[] = [
  ['mrr', 'revenue', matchWords('mrr|monthly recurring')],
  ['arr', 'revenue', matchWords('arr|(?:annual(?:ly)?|yearly) recurring')],
  ['arpu', 'customers', matchWords('arpu|revenue per (?:user|customer|account)')],
  ['op_margin_pct', 'margin', matchWords('op_margin_pct|operating margins?')],
  ['gm_pct', 'margin', matchWords('gm_pct|(?:gm|gross margin) ?(?:percent(?:age)?|pct|rate|%)')],
  ['gm', 'margin', matchWords('gm|gross margins?')],
  ['gross_profit', 'profit', matchWords('gross[_ ]profits?')],
  ['margin_pct', 'margin', matchWords('margin_pct|margins?')],
  ['churn_rate', 'customers', matchWords('churn(?:ed|_rate)?|attrition')],
  ['ltv', 'customers', matchWords('c?ltv|life ?time value')],
  ['nps', 'customers', matchWords('nps|net promoter')],
  ['cac', 'marketing', matchWords('cac|acquisition costs?')],
  ['aov', 'orders', matchWords('aov|(?:average|mean) order (?:value|size)|basket (?:value|size)')],
  ['return_rate', 'orders', matchWords('return[_ ]rates?|returns')],
  ['pipeline_value', 'sales', matchWords('pipelines?|pipeline_value')],
  ['win_rate', 'sales', matchWords('win[_ -]?rates?')],
  ['deal_count', 'sales', matchWords('deals?|deal_count')],
  ['conversion_rate', 'marketing', matchWords('conver(?:sions?|ted|t)|conversion_rate')],
  ['signup_count', 'marketing', matchWords('sign[_ -]?ups?|signup_count')],
  ['lead_count', 'marketing', matchWords('leads?|lead_count')],
  ['revenue', 'revenue', matchWords('revenues?|turnover')],
];

/** Words that name a dimension, after "by", "per", "across" or "for each". */
export const DIMENSION_WORDS: readonly (readonly [string, RegExp])[] = [
  ['productLine', matchSplit('product ?lines?')],
  ['product', matchSplit('products?')],
  ['region', matchSplit('regions?|territor(?:y|ies)')],
  ['country', matchSplit('countr(?:y|ies)')],
  ['segment', matchSplit('(?:customer )?segments?')],
  ['rep', matchSplit('(?:sales ?)?reps?|sellers?')],
  ['channel', matchSplit('(?:sales |marketing )?channels?')],
  ['customer', matchSplit('customers?|accounts?')],
];

function matchSplit(nouns: string): RegExp {
  return matchWords(`(?:by|per|across|for each|which|each) (?:(?:the|our|all|top) )?(?:${nouns})`);
}
