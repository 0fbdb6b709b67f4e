/** How verdicts take the harness into account, for readers of a report. `setAside.ts` and `doubtFail.ts` are the rules themselves. */
export const HARNESS_RULE =
  'Events during which the harness itself stalled, sent late or had its CPU time stolen are set aside by time alone, good and bad alike; an objective with more than 10 % of its events set aside is inconclusive. A fail counts only if the harness had CPU to spare and the objective is still missed with its limit raised by the small delays that the harness measured in itself and in the AI mock.';
