import { z } from 'zod';

/** SalesTalk's answers, as far as the harness relies on them. Fields beyond these are SalesTalk's own business. */
const share = z.number().min(0).max(1);

export const classification = z.object({
  intent: z.string().min(1),
  subject: z.string().min(1),
  measure: z.string().min(1),
  time: z.object({ period: z.string() }).partial(),
  // Its components are left in, for the checks to see.
  confidence: z.looseObject({ overall: share }),
});

/** Left open on purpose: an answer without it, or with null for it, is a complete answer that fails metadata accuracy alone. */
const latencyOnly = z.object({ latencyMs: z.number().optional().catch(undefined) });

export const classifyAnswer = z.object({
  classification,
  requestId: z.string().min(1),
  tenantId: z.string().min(1),
  metadata: latencyOnly.nullish(),
});

export const dataReference = z.object({
  metric: z.string(),
  period: z.string(),
  value: z.number(),
  unit: z.string(),
  source: z.object({ table: z.string(), pk: z.string(), sk: z.string() }),
});

export const chatAnswer = z.object({
  response: z.string().regex(/\S/),
  sessionId: z.string().min(1),
  requestId: z.string().min(1),
  classification,
  dataReferences: z.array(dataReference),
  metadata: latencyOnly.extend({ refused: z.boolean().nullish() }).nullish(),
});

export const errorAnswer = z.object({
  error: z.string().min(1),
  message: z.string().min(1),
  requestId: z.string().min(1),
});

/** The last line of a stream whose answer failed on the way. */
export const streamedError = errorAnswer.extend({ type: z.literal('error') });

/** One line of a streamed chat answer. */
export const streamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('classification_start'), requestId: z.string() }),
  z.object({ type: z.literal('classification_complete'), requestId: z.string() }),
  z.object({ type: z.literal('data_retrieval_start'), requestId: z.string() }),
  z.object({ type: z.literal('data_retrieval_complete'), requestId: z.string() }),
  z.object({ type: z.literal('narrative_start'), requestId: z.string() }),
  z.object({ type: z.literal('narrative_chunk'), requestId: z.string(), text: z.string() }),
  chatAnswer.extend({ type: z.literal('complete') }),
  z.object({ type: z.literal('error'), requestId: z.string() }),
]);

export type StreamEvent = z.infer<typeof streamEvent>;
