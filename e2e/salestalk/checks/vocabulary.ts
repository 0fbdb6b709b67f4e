import { z } from 'zod';

/** The words that a classification is made of, as SalesTalk's documentation lists them. */
const INTENTS =
  'what why compare trend forecast rank breakdown target correlation anomaly' as const;
const SUBJECTS =
  'revenue margin profit customers orders sales marketing products regions segments reps productLines timePeriods' as const;
const MEASURES =
  'revenue mrr arr gm gm_pct gross_profit customer_count churn_rate ltv nps cac arpu order_count aov return_rate pipeline_value win_rate deal_count conversion_rate signup_count lead_count margin_pct op_margin_pct' as const;

const share = z.number().min(0).max(1);

/** A classification that means something: every word is of the vocabulary, every confidence a share. */
export const soundClassification = z.object({
  intent: z.enum(INTENTS.split(' ')),
  subject: z.enum(SUBJECTS.split(' ')),
  measure: z.enum(MEASURES.split(' ')),
  confidence: z.object({ overall: share, components: z.record(z.string(), share).optional() }),
});
