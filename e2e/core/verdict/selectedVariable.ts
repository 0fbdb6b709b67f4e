/**
 * Name of the environment variable in which the reporter tells the workers, as a JSON array, the objectives whose tests were selected:
 * false alarms are split over them, so a matcher that did not know them would judge by another level than the run.
 */
export const SELECTED_VARIABLE = 'PERF_SELECTED';

/** Name of the environment variable in which the reporter leaves the id of its process, so that the set-up knows that the run gets a verdict. */
export const REPORTER_VARIABLE = 'PERF_REPORTER';
