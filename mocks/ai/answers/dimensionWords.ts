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
