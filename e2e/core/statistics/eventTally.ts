/**
 * All that a verdict on a share needs to know of its events, in the order of sending. Its size is bounded whatever their number, and
 * `addEvent` changes it in place.
 *
 * A *burst* is a bad event with the bad ones that follow it: no more than `burstGap` good events lie between two of them. One mishap of a
 * service makes one burst, so a burst is what counts as separate evidence, and a *bet* of the test for a fail is on a whole one
 * (`failEvidence`).
 */
export type EventTally = {
  allowedShare: number;
  /** Good events that do not yet end a burst. */
  burstGap: number;
  mostInABurst: number;
  n: number;
  bad: number;
  bursts: number;
  /** Which event was the first bad one, and which the last, from 1 on; 0 before. */
  firstBad: number;
  lastBad: number;
  /** Squares of their sizes in bad events, the open one included. */
  sumOfSquaredBursts: number;
  /** The open burst; without a bad event none is open. Times are null where events have none. */
  burst: { bad: number; goodSinceBad: number; sinceMs: number | null; lastBadMs: number | null };
  /** The open bet, from a bad event to now; without an event none is open. */
  bet: { bad: number; n: number; goodSinceBad: number };
  /** Good events outside of bets: each is a bet of its own. */
  loneGood: number;
  /** How often each kind of bet (`kindOfBet`) was made. Gaps are short, so that few kinds exist. */
  bets: Map<number, number>;
};

export type TallyOptions = {
  /** No more bad events than this are of one mishap; left out: any number is. */
  mostInABurst?: number;
};

/** Some requests get away in the middle of a burst: up to so many good events do not end it. */
const WIDEST_GAP = 4;
/** Fewer do where so many are allowed to be bad that they would come as close by chance more often than this. */
const CHANCE_OF_GAP = 0.2;
/** A mishap is over by then: what is still bad counts as another burst. */
const LONGEST_MISHAP_MS = 5_000;
/** A bad event that was sent so long after the last one is another burst: a visit of a page or the start of a process, not one of a stream. */
const SEPARATE_MS = 2_000;
/** A bet ends with so many events, though its burst goes on: otherwise a service that always fails would give no more evidence. */
const MOST_IN_A_BET = 50;
/** More than the events of any bet. */
const BET_BASE = 100;

/** @param allowedShare in [0, 1) */
export function startTally(
  allowedShare: number,
  { mostInABurst = Number.POSITIVE_INFINITY }: TallyOptions = {},
): EventTally {
  const byChance =
    allowedShare === 0
      ? WIDEST_GAP
      : Math.floor(Math.log(1 - CHANCE_OF_GAP) / Math.log1p(-allowedShare));
  return {
    allowedShare,
    burstGap: Math.min(WIDEST_GAP, byChance),
    mostInABurst,
    n: 0,
    bad: 0,
    bursts: 0,
    firstBad: 0,
    lastBad: 0,
    sumOfSquaredBursts: 0,
    burst: { bad: 0, goodSinceBad: 0, sinceMs: null, lastBadMs: null },
    bet: { bad: 0, n: 0, goodSinceBad: 0 },
    loneGood: 0,
    bets: new Map(),
  };
}

/** Counts one more event; without its time, bursts are told by numbers alone. */
export function addEvent(tally: EventTally, bad: boolean, atMs: number | null = null): void {
  tally.n += 1;
  // So are nearly all of a million, which takes no longer than to ask.
  if (!bad && tally.bet.n === 0 && tally.burst.bad === 0) tally.loneGood += 1;
  else addToBurst(tally, bad, atMs);
}

function addToBurst(tally: EventTally, bad: boolean, atMs: number | null): void {
  const { burst, bet, burstGap } = tally;
  // Before it is looked whether the event is bad: a bet that knew would not be fair.
  if (atMs !== null) endByTime(tally, atMs);
  if (!bad) {
    if (burst.bad > 0 && ++burst.goodSinceBad > burstGap) burst.bad = 0;
    if (bet.n === 0) {
      tally.loneGood += 1;
    } else {
      bet.n += 1;
      if (++bet.goodSinceBad > burstGap || bet.n === MOST_IN_A_BET) endBet(tally.bets, bet);
    }
    return;
  }
  if (burst.bad === 0) {
    tally.bursts += 1;
    burst.sinceMs = atMs;
  }
  if (tally.bad === 0) tally.firstBad = tally.n;
  tally.lastBad = tally.n;
  tally.bad += 1;
  burst.bad += 1;
  burst.goodSinceBad = 0;
  burst.lastBadMs = atMs;
  tally.sumOfSquaredBursts += 2 * burst.bad - 1;
  bet.bad += 1;
  bet.n += 1;
  bet.goodSinceBad = 0;
  if (burst.bad === tally.mostInABurst) burst.bad = 0;
  if (bet.n === MOST_IN_A_BET || bet.bad === tally.mostInABurst) endBet(tally.bets, bet);
}

/** Tally of events that are all there. */
export function tallyEvents(
  allowedShare: number,
  events: Iterable<{ bad: boolean; atMs?: number }>,
  options: TallyOptions = {},
): EventTally {
  const tally = startTally(allowedShare, options);
  for (const { bad, atMs = null } of events) addEvent(tally, bad, atMs);
  return tally;
}

/** A bet by its bad ones and all its events, as one number. */
export function kindOfBet({ bad, n }: Pick<EventTally['bet'], 'bad' | 'n'>): number {
  return bad * BET_BASE + n;
}

export function badOfBet(kind: number): number {
  return Math.floor(kind / BET_BASE);
}

export function eventsOfBet(kind: number): number {
  return kind % BET_BASE;
}

/**
 * The design effect: so many events tell as much as one independent event would. 1 where bad events come as independent ones do, more where
 * they come in bursts; null without a bad event, since then nothing shows it.
 *
 * It is the mean size of the burst that a bad event is part of, by the size that would come of independent events: these lie within
 * `burstGap` of the next with a chance c, so that their bursts have sizes of a geometric distribution, for which it is (1 + c) / (1 − c).
 */
export function designEffect(tally: EventTally): number | null {
  const { n, bad, burstGap, sumOfSquaredBursts } = tally;
  if (bad === 0) return null;
  let apart = 1;
  for (let place = 0; place <= burstGap; place++) apart *= 1 - bad / n;
  const joined = 1 - apart;
  return Math.max(1, ((sumOfSquaredBursts / bad) * (1 - joined)) / (1 + joined));
}

function endByTime({ burst, bet, bets, allowedShare }: EventTally, atMs: number): void {
  if (burst.sinceMs === null || burst.lastBadMs === null) return;
  const isSeparate = atMs - burst.lastBadMs >= SEPARATE_MS;
  if (isSeparate || atMs - burst.sinceMs >= LONGEST_MISHAP_MS) burst.bad = 0;
  // As many as the odds against a bad one: with fewer to a bet, a few slow visits in a row would fail an objective.
  if (isSeparate && bet.bad > 0 && bet.bad * allowedShare >= 1 - allowedShare) endBet(bets, bet);
}

function endBet(bets: EventTally['bets'], bet: EventTally['bet']): void {
  const kind = kindOfBet(bet);
  bets.set(kind, (bets.get(kind) ?? 0) + 1);
  bet.bad = 0;
  bet.n = 0;
  bet.goodSinceBad = 0;
}
