import { z } from 'zod';
import { runLine } from '../core/record/recordLine.ts';

/** What the set-up tells about the run, as far as the reporter is concerned. */
const runState = z.object({
  id: z.string(),
  /** Absolute. */
  reportDir: z.string(),
  /** Absolute. */
  recordFile: z.string(),
  /** First line of the record, known before there is one. */
  header: runLine,
});

export type RunState = z.infer<typeof runState>;

const VARIABLE = 'PERF_RUN';

/** The variable as the set-up of this run left it. A run started from within another inherits the other's. */
export function runStateText(env: NodeJS.ProcessEnv): string | undefined {
  return env[VARIABLE];
}

/** @throws ZodError when the set-up told something else */
export function parseRunState(text: string): RunState {
  return runState.parse(JSON.parse(text));
}
