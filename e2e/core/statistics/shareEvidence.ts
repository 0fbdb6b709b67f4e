import { betKey, type EventTally } from './eventTally.ts';

/** Alternatives to an allowed share, each by its odds ratio to it (0: no event is bad), with weights that add up to 1. */
type MixturePrior = readonly Alternative[];

/** The logarithms are the same for every share. */
type Alternative = { weight: number; oddsRatio: number; logWeight: number; logOddsRatio: number };

/** Weight of each alternative that is so close to the allowed share that telling them apart takes very many events. */
const NEAR_WEIGHT = 0.01;

/**
 * Alternatives for "fewer are bad than allowed": half of the weight on no bad event, half on a few. Chosen by exact calculation for
 * P50, P95 and 99.9 % so that a clean run takes few events and a run with a few bad ones not many more (see `npm run calibrate`).
 */
export const PASS_PRIOR: MixturePrior = [
  ...spreadEvenly([0], 0.5),
  ...spreadEvenly(geometricSeries(0.05, 0.65, 8), 0.5 - 3 * NEAR_WEIGHT),
  ...spreadEvenly([0.8, 0.9, 0.95], 3 * NEAR_WEIGHT),
];

/**
 * Logarithm of the evidence of `bad` in `n` events that fewer than `share` are bad: a mixture of likelihood ratios (Robbins 1970;
 * Howard & Ramdas 2022, Sequential estimation of quantiles). If `share` or more are bad it is a supermartingale that starts at 1,
 * so the chance that it ever reaches 1/α is at most α, however often one looks (Ville 1939). The counts may be fractions.
 */
export function mixtureEvidence(
  share: number,
  prior: MixturePrior,
): (bad: number, n: number) => number {
  const perEvent = prior.map(({ oddsRatio }) => Math.log1p((oddsRatio - 1) * share));
  return (bad, n) =>
    logSumExp(
      prior.map(({ logWeight, logOddsRatio }, at) => {
        const fromBad = bad === 0 ? 0 : bad * logOddsRatio;
        return logWeight + fromBad - n * (perEvent[at] as number);
      }),
    );
}

/** log(Σ exp(term)) without overflow. */
export function logSumExp(terms: readonly number[]): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const term of terms) if (term > largest) largest = term;
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - largest);
  return largest + Math.log(sum);
}

function geometricSeries(first: number, last: number, count: number): number[] {
  const step = Math.log(last / first) / (count - 1);
  return Array.from({ length: count }, (_, at) => first * Math.exp(at * step));
}

function spreadEvenly(oddsRatios: number[], weight: number): MixturePrior {
  const each = weight / oddsRatios.length;
  const logWeight = Math.log(each);
  return oddsRatios.map((oddsRatio) => ({
    weight: each,
    oddsRatio,
    logWeight,
    logOddsRatio: Math.log(oddsRatio),
  }));
}

/** The part of the capital that is staked on each bet, and the weight of this strategy in the mixture. */
type Stake = { part: number; logWeight: number };

/** Weight of staking all: the quickest if everything is bad, and lost at the first good event outside of a burst. */
const WEIGHT_OF_ALL = 0.25;
/** The smallest part as a multiple of the allowed share, for bursts that are much longer than they are rare. */
const SMALLEST_PART_OF_SHARE = 1 / 20;
/** A smaller part would pay off only after more events than a run has. */
const SMALLEST_PART = 1 / 1000;

/**
 * Logarithm of the evidence that more than `share` are bad: the capital of a gambler who starts with 1 and bets on each burst as a
 * whole (testing by betting: Waudby-Smith & Ramdas 2023). Staking the part r on a bet with `bad` of `n` events multiplies the capital
 * by 1 + r (bad / share − n); a good event outside of bursts costs the part r. The evidence is the mean over several r.
 *
 * If at most `share` are bad and bursts are independent of each other, it is a supermartingale however long the bursts are, so the
 * chance that it ever reaches 1/α is at most α (Ville 1939). It falls as `share` grows, so the rejected shares form an interval.
 * @param allowedShare decides which parts are staked
 * @returns a function of a tally, the share to test, and how often all events of the tally are repeated
 */
export function failEvidence(
  allowedShare: number,
): (tally: EventTally, share?: number, times?: number) => number {
  const stakes = chooseStakes(allowedShare);
  const perLoneGood = stakes.map(({ part }) => Math.log1p(-part));
  const known = new Map<number, number[]>();
  const logFactors = (bet: { bad: number; n: number }, share: number): number[] => {
    const key = betKey(bet);
    const found = share === allowedShare ? known.get(key) : undefined;
    if (found !== undefined) return found;
    const won = bet.bad / share - bet.n;
    const factors = stakes.map(({ part }) => Math.log1p(Math.max(-1, part * won)));
    if (share === allowedShare) known.set(key, factors);
    return factors;
  };
  return ({ loneGood, bets, bet }, share = allowedShare, times = 1) => {
    const logCapital = perLoneGood.map((log) => (loneGood === 0 ? 0 : loneGood * log));
    const add = (one: { bad: number; n: number }, count: number) => {
      const factors = logFactors(one, share);
      for (let at = 0; at < factors.length; at++) {
        logCapital[at] = (logCapital[at] as number) + count * (factors[at] as number);
      }
    };
    for (const closed of bets.values()) add(closed, closed.count);
    if (bet.n > 0) add(bet, 1);
    return logSumExp(
      stakes.map(({ logWeight }, at) => logWeight + times * (logCapital[at] as number)),
    );
  };
}

function chooseStakes(allowedShare: number): Stake[] {
  const parts: number[] = [];
  const smallest = Math.max(allowedShare * SMALLEST_PART_OF_SHARE, SMALLEST_PART);
  for (let part = 0.5; part >= smallest; part /= 2) parts.push(part);
  const logWeight = Math.log((1 - WEIGHT_OF_ALL) / parts.length);
  return [
    { part: 1, logWeight: Math.log(WEIGHT_OF_ALL) },
    ...parts.map((part) => ({ part, logWeight })),
  ];
}
