import { z } from 'zod';

/** What a narrative says of the question where it has no figures to speak of. */
export type PromptClassification = { subject: string | null; period: string | null };

const classificationSchema = z.object({
  intent: z.string(),
  subject: z.string().nullish(),
  time: z.object({ period: z.string().nullish() }).nullish(),
});

/** The last classification among the JSON values of a prompt; `null` if there is none. */
export function readClassification(values: readonly unknown[]): PromptClassification | null {
  let last: PromptClassification | null = null;
  for (const value of values) {
    const candidates = [value, isRecord(value) ? value.classification : undefined];
    for (const candidate of candidates) {
      const read = classificationSchema.safeParse(candidate);
      if (!read.success) continue;
      last = { subject: read.data.subject ?? null, period: read.data.time?.period ?? null };
    }
  }
  return last;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
