import { z } from 'zod';

/** What an answer calls its request; null where it names none, or where that could not be read. */
export const answeredIds = z.strictObject({
  header: z.string().nullable(),
  body: z.string().nullable(),
});

export type AnsweredIds = z.infer<typeof answeredIds>;
