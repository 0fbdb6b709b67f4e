import { z } from 'zod';

/** What a process came to over a time, as it told itself; null is what it does not tell. */
export const processLine = z.strictObject({
  type: z.literal('process'),
  workload: z.string(),
  /** `target`: the system under test. `model`: the AI mock. */
  process: z.enum(['harness', 'target', 'model']),
  /** The rate that was offered meanwhile, of a step of a search; else null. */
  ratePerSecond: z.number().positive().nullable(),
  atMs: z.number().positive(),
  durationMs: z.number().nonnegative(),
  /** Of one core. */
  cpuShare: z.number().nonnegative().nullable(),
  residentBytes: z.number().nonnegative().nullable(),
  heapUsedBytes: z.number().nonnegative().nullable(),
  /** Of the model since it started, of the target since its metrics were last read, whoever did. */
  eventLoopDelayP99Ms: z.number().nonnegative().nullable(),
});

export type ProcessLine = z.infer<typeof processLine>;
