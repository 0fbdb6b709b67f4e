import type { Measure, Subject } from './vocabulary.ts';

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
