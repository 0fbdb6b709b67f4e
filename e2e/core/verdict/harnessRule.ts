/** How verdicts take the harness into account, for whoever reads a report. `doubtFail` is the rule itself. */
export const HARNESS_RULE =
  'What is missed as a matter of time stands only if it is missed without every bad answer that the harness, the AI mock or stolen CPU time could have made; time in which the harness itself stood still is taken off. They only add time, so a pass needs no such proof; under load, sends that were late and processes without CPU void it too.';
