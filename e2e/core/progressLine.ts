import { z } from 'zod';

/**
 * Name of the environment variable with the file in which workers say how far a workload is, a line of JSON at a time, for a reporter to
 * show. Unset, nobody shows it and nothing is written. It is no part of the record, and no verdict rests on it.
 */
export const PROGRESS_VARIABLE = 'PERF_PROGRESS_FILE';

export const progressLine = z.strictObject({
  workload: z.string(),
  state: z.enum(['running', 'ended']),
  /** Ids of the objectives for which nothing more has to be sent. */
  clear: z.array(z.string()),
  /** How it goes, in a few words; empty where there is nothing to say yet. */
  note: z.string(),
});

export type ProgressLine = z.infer<typeof progressLine>;
