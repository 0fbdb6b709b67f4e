import { z } from 'zod';

const LONGEST_MS = 60_000;

/** The body of POST /listener/refuse: how long the model's port refuses connections. */
export const refuseBodySchema = z.strictObject({ forMs: z.number().min(1).max(LONGEST_MS) });
