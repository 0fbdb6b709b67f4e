import type { Intent } from './vocabulary.ts';

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
