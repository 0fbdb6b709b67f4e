/** How verdicts take the harness into account, for whoever reads a report. `doubtFail` is the rule itself. */
export const HARNESS_RULE =
  'A fail of a quantile of times stands only if it still fails without every bad answer that the harness, the AI mock or stolen CPU time could have made. They only add time, so a pass needs no such proof; under load, sends that were late and processes without CPU void it too.';
