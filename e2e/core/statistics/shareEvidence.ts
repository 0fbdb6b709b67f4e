import { badOfBet, type EventTally, eventsOfBet, kindOfBet } from './eventTally.ts';

/** Alternatives to an allowed share, each by its odds ratio to it (0: nothing is bad), with weights that add up to 1. */
type MixturePrior = readonly Alternative[];

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

/** Part of the stake that is put on "more are bad than allowed" in each bet, with the weight that it has in the mixture. */
type Stake = { part: number; logWeight: number };

/** All of it: the quickest where everything is bad, and lost with the first good event outside of a burst. */
const WEIGHT_OF_ALL = 0.25;
/** The smallest part, in allowed shares: for bursts that are many times as long as they are rare. */
const SMALLEST_PART = 1 / 20;
/** Smaller ones would pay off in more events than a run has. */
const LEAST_PART = 1 / 1000;

/**
 * Makes the logarithm of the evidence that the events of a tally give against "at most so many are bad": what a gambler would have made of
 * a stake of 1 who bets on each burst as a whole. Of a bet with `bad` among `n` events a part r of the stake becomes
 * 1 + r (bad / share − n), and a good event outside of bursts takes the part r. The result is the mean over several r.
 *
 * If no more than `share` is bad and one burst tells nothing of the next, the stake is a supermartingale, however long the bursts are: the
 * chance that it ever reaches 1/α is at most α, however often one looks (Ville 1939; betting: Waudby-Smith & Ramdas 2023). It never grows
 * with `share`, so that the shares that it rejects are an interval.
 * @param allowedShare by which the parts are chosen
 */
export function failEvidence(
  allowedShare: number,
): (tally: EventTally, share?: number, times?: number) => number {
  const stakes = stakesFor(allowedShare);
  const perLoneGood = stakes.map(({ part }) => Math.log1p(-part));
  const known = new Map<number, number[]>();
  const logFactorsOf = (kind: number, share: number): number[] => {
    const found = share === allowedShare ? known.get(kind) : undefined;
    if (found !== undefined) return found;
    const won = badOfBet(kind) / share - eventsOfBet(kind);
    const factors = stakes.map(({ part }) => Math.log1p(Math.max(-1, part * won)));
    if (share === allowedShare) known.set(kind, factors);
    return factors;
  };
  return ({ loneGood, bets, bet }, share = allowedShare, times = 1) => {
    const logStakes = perLoneGood.map((log) => (loneGood === 0 ? 0 : loneGood * log));
    const add = (count: number, kind: number) => {
      const factors = logFactorsOf(kind, share);
      for (let at = 0; at < factors.length; at++) {
        logStakes[at] = (logStakes[at] as number) + count * (factors[at] as number);
      }
    };
    bets.forEach(add);
    if (bet.n > 0) add(1, kindOfBet(bet));
    const terms = stakes.map(({ logWeight }, at) => logWeight + times * (logStakes[at] as number));
    const largest = Math.max(...terms);
    if (!Number.isFinite(largest)) return largest;
    return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
  };
}

function stakesFor(allowedShare: number): Stake[] {
  const parts: number[] = [];
  const smallest = Math.max(allowedShare * SMALLEST_PART, LEAST_PART);
  for (let part = 0.5; part >= smallest; part /= 2) parts.push(part);
  const logWeight = Math.log((1 - WEIGHT_OF_ALL) / parts.length);
  return [
    { part: 1, logWeight: Math.log(WEIGHT_OF_ALL) },
    ...parts.map((part) => ({ part, logWeight })),
  ];
}
