import { z } from 'zod';

/** What the harness may have started itself, by the name that a report gives it. */
export const STARTED = ['target', 'aiMock'] as const;

/** A process that the harness had started and that ended by itself while the run went on. */
export const exitLine = z.strictObject({
  type: z.literal('exit'),
  process: z.enum(STARTED),
  /** In ms since the epoch. */
  atMs: z.number().nonnegative(),
  /** Such as `SIGKILL` or `exit status 1`. */
  status: z.string(),
});

export type ExitLine = z.infer<typeof exitLine>;
