/**
 * Adjusts evidence on several hypotheses so that, with what comes out, the chance of even one false rejection at 1/α is at most α,
 * however the evidence depends on one another: the mean of e-values is one, so each is set against its worst company (Vovk & Wang 2021,
 * E-values: calibration, combination and applications, algorithm 1). Values and results are e-values, not their logarithms.
 */
export function eHolm(evidence: readonly number[]): number[] {
  const ascending = [...evidence].sort((a, b) => a - b);
  return evidence.map((own) => {
    let sum = own;
    let count = 1;
    let worst = own;
    let ownLeftOut = false;
    for (const other of ascending) {
      if (other === own && !ownLeftOut) {
        ownLeftOut = true;
        continue;
      }
      sum += other;
      count += 1;
      worst = Math.min(worst, sum / count);
    }
    return worst;
  });
}
