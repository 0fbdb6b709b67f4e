import { z } from 'zod';

/** The value of an environment variable. A blank one counts as unset, since CI systems pass missing values as empty text. */
export function readVariable(
  variables: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const value = variables[name];
  return value === undefined || value.trim() === '' ? undefined : value;
}

/** In this variable the set-up passes the context of the run to workers and reporter. */
export const RUN_VARIABLE = 'PERF_RUN';

/**
 * In this variable the reporter passes to the workers the ids of the objectives whose tests were selected, as a JSON array. The error
 * rate of the run is split over these objectives, so matchers need them to judge as the run does.
 */
export const SELECTED_VARIABLE = 'PERF_SELECTED';

/** In this variable the reporter passes its process id to the set-up, which refuses a run without the reporter. */
export const REPORTER_VARIABLE = 'PERF_REPORTER';

/**
 * This variable names the file to which workers write the progress of a workload, as lines of JSON, for a reporter to show. Without
 * it nothing is written. The file is not part of the record.
 */
export const PROGRESS_VARIABLE = 'PERF_PROGRESS_FILE';

export const progressLine = z.strictObject({
  workload: z.string(),
  state: z.enum(['running', 'ended']),
  /** Ids of the objectives that are clear. */
  clear: z.array(z.string()),
  /** Progress in a few words; may be empty. */
  note: z.string(),
});

export type ProgressLine = z.infer<typeof progressLine>;
