/** Alternatives to an allowed share, each by its odds ratio to it (0: nothing is bad), with weights that add up to 1. */
export type MixturePrior = readonly Alternative[];

/** With its logarithms, since they are the same for every share and every test asks for them anew. */
type Alternative = { weight: number; oddsRatio: number; logWeight: number; logOddsRatio: number };

/** A little for shares so near to the allowed one that only very many events can tell them apart. */
const NEAR_WEIGHT = 0.01;

/**
 * What "fewer are bad than allowed" is tested by: half on not one, half on a few. Chosen by exact calculation for P50, P95 and 99.9 %
 * (`npm run calibrate` prints what it costs): few events where all is well, without paying much where a little is bad.
 */
export const PASS_PRIOR: MixturePrior = [
  ...evenly([0], 0.5),
  ...evenly(geometric(0.05, 0.65, 8), 0.5 - 3 * NEAR_WEIGHT),
  ...evenly([0.8, 0.9, 0.95], 3 * NEAR_WEIGHT),
];

/**
 * Makes the logarithm of the evidence that `bad` of `n` events give against a share: a mixture of likelihood ratios. Under every share
 * on the wrong side of `share` it is a supermartingale that starts at 1, so the chance that it ever reaches 1/α is at most α, however
 * often one looks (Ville 1939; mixtures: Robbins 1970; Howard & Ramdas 2022, Sequential estimation of quantiles). The counts need not
 * be whole, as discounted ones are not.
 */
export function mixtureEvidence(
  share: number,
  prior: MixturePrior,
): (bad: number, n: number) => number {
  const perEvent = prior.map(({ oddsRatio }) => Math.log1p((oddsRatio - 1) * share));
  return (bad, n) => {
    let largest = Number.NEGATIVE_INFINITY;
    const terms = prior.map(({ logWeight, logOddsRatio }, at) => {
      const fromBad = bad === 0 ? 0 : bad * logOddsRatio;
      const term = logWeight + fromBad - n * (perEvent[at] as number);
      if (term > largest) largest = term;
      return term;
    });
    if (!Number.isFinite(largest)) return largest;
    let sum = 0;
    for (const term of terms) sum += Math.exp(term - largest);
    return largest + Math.log(sum);
  };
}

function geometric(first: number, last: number, count: number): number[] {
  const step = Math.log(last / first) / (count - 1);
  return Array.from({ length: count }, (_, at) => first * Math.exp(at * step));
}

function evenly(oddsRatios: number[], weight: number): MixturePrior {
  const each = weight / oddsRatios.length;
  const logWeight = Math.log(each);
  return oddsRatios.map((oddsRatio) => ({
    weight: each,
    oddsRatio,
    logWeight,
    logOddsRatio: Math.log(oddsRatio),
  }));
}
