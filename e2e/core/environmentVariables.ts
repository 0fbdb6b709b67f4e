import { z } from 'zod';

/** The value of an environment variable. One that is set to nothing counts as unset: CI systems hand on what is missing as empty text. */
export function readVariable(
  variables: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const value = variables[name];
  return value === undefined || value.trim() === '' ? undefined : value;
}

/**
 * Name of the environment variable in which the reporter tells the workers, as a JSON array, the objectives whose tests were selected:
 * false alarms are split over them, so a matcher that did not know them would judge by another level than the run.
 */
export const SELECTED_VARIABLE = 'PERF_SELECTED';

/** Name of the environment variable in which the reporter leaves the id of its process, so that the set-up knows that the run gets a verdict. */
export const REPORTER_VARIABLE = 'PERF_REPORTER';

/**
 * Name of the environment variable with the file in which workers say how far a workload is, a line of JSON at a time, for a reporter to
 * show. Unset, it is neither shown nor written. It is no part of the record, and no verdict rests on it.
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
