import type { VerdictName } from '../core/statistics/verdict.ts';

/** For each number of events: the most bad ones that pass and the fewest that fail. */
export type DecisionBounds = { mostToPass: Int32Array; fewestToFail: Int32Array };

/** Tabulates a test whose bounds never fall as events are added, so that millions of looks cost no more than a comparison each. */
export function decisionBounds(
  test: (bad: number, n: number) => VerdictName,
  mostEvents: number,
): DecisionBounds {
  const mostToPass = new Int32Array(mostEvents + 1).fill(-1);
  const fewestToFail = new Int32Array(mostEvents + 1).fill(1);
  for (let n = 1; n <= mostEvents; n++) {
    let pass = mostToPass[n - 1] as number;
    while (pass < n && test(pass + 1, n) === 'pass') pass += 1;
    mostToPass[n] = pass;
    let fail = fewestToFail[n - 1] as number;
    while (fail <= n && test(fail, n) !== 'fail') fail += 1;
    fewestToFail[n] = fail;
  }
  return { mostToPass, fewestToFail };
}
