/**
 * Summary of a sequence of events, in the order of sending: all that a verdict on the share of bad ones needs. Its size does not grow
 * with the number of events. `addEvent` changes it in place.
 *
 * A *burst* is a run of bad events with at most `burstGap` good ones between two of them. One incident of a service makes one burst,
 * so bursts count as separate evidence. A *bet* of the test for a fail is placed on one burst as a whole (see `failEvidence`).
 */
export type EventTally = {
  allowedShare: number;
  /** A burst goes on over this many good events. */
  burstGap: number;
  mostInABurst: number;
  n: number;
  bad: number;
  bursts: number;
  /** Position of the first and the last bad event, counted from 1; 0: none yet. */
  firstBad: number;
  lastBad: number;
  /** Sum of (bad events in the burst)² over all bursts, the open one included. */
  sumOfSquaredBursts: number;
  /** The open burst; `bad` is 0 if none is open. Times are null for events without times. */
  burst: { bad: number; goodSinceBad: number; sinceMs: number | null; lastBadMs: number | null };
  /** The open bet; `n` is 0 if none is open. */
  bet: { bad: number; n: number; goodSinceBad: number };
  /** Good events outside of bets; each of them is a bet of its own. */
  loneGood: number;
  /** Closed bets by `betKey`. There are few different ones, since bets are short. */
  bets: Map<number, ClosedBets>;
};

/** Closed bets that had the same outcome: `bad` of `n` events each. */
type ClosedBets = { bad: number; n: number; count: number };

export type TallyOptions = {
  /** The most bad events that one incident can cause; unlimited by default. */
  mostInABurst?: number;
};

/** Some requests succeed in the middle of an incident. */
const MAX_BURST_GAP = 4;
/** The gap is shorter if independent bad events come that close with a greater chance than this. */
const MAX_CHANCE_OF_GAP = 0.2;
/** An incident that lasts longer counts as another burst. */
const MAX_INCIDENT_MS = 5_000;
/** A bad event this long after the last one is another burst: page visits and process starts are not a stream of requests. */
const SEPARATE_MS = 2_000;
/** A bet ends after this number of events even if its burst goes on. A service that always fails must not be a single bet. */
const MAX_BET_EVENTS = 50;

/** @param allowedShare in [0, 1) */
export function startTally(
  allowedShare: number,
  { mostInABurst = Number.POSITIVE_INFINITY }: TallyOptions = {},
): EventTally {
  const gapByChance = Math.floor(Math.log(1 - MAX_CHANCE_OF_GAP) / Math.log1p(-allowedShare));
  return {
    allowedShare,
    burstGap: Math.min(MAX_BURST_GAP, gapByChance),
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

/** Counts one more event. Without times, only the number of good events between bad ones separates bursts. */
export function addEvent(tally: EventTally, bad: boolean, atMs: number | null = null): void {
  tally.n += 1;
  // The common case first: a million events are counted in milliseconds.
  if (!bad && tally.bet.n === 0 && tally.burst.bad === 0) tally.loneGood += 1;
  else addToBurst(tally, bad, atMs);
}

function addToBurst(tally: EventTally, bad: boolean, atMs: number | null): void {
  const { burst, bet, burstGap } = tally;
  // Before the event counts: whether a bet is open must not depend on the event that it is placed on.
  if (atMs !== null) closeByTime(tally, atMs);
  if (!bad) {
    if (burst.bad > 0 && ++burst.goodSinceBad > burstGap) burst.bad = 0;
    if (bet.n === 0) {
      tally.loneGood += 1;
    } else {
      bet.n += 1;
      if (++bet.goodSinceBad > burstGap || bet.n === MAX_BET_EVENTS) closeBet(tally);
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
  if (bet.n === MAX_BET_EVENTS || bet.bad === tally.mostInABurst) closeBet(tally);
}

export function tallyEvents(
  allowedShare: number,
  events: Iterable<{ bad: boolean; atMs?: number }>,
  options: TallyOptions = {},
): EventTally {
  const tally = startTally(allowedShare, options);
  for (const { bad, atMs = null } of events) addEvent(tally, bad, atMs);
  return tally;
}

/** The times of events, which may be read from the columns of a load. */
export type EventTimes = { at(place: number): number | undefined };

/** The same for events in columns: those are bad whose number is at least the limit. */
export function tallyColumns(
  allowedShare: number,
  { numbers, atMs }: { numbers: Float64Array | Uint8Array; atMs: EventTimes },
  limit: number,
  options: TallyOptions,
): EventTally {
  const tally = startTally(allowedShare, options);
  const { bet, burst } = tally;
  let isOpen = false;
  for (let at = 0; at < numbers.length; at++) {
    const bad = (numbers[at] as number) >= limit;
    // `addEvent` without a call for most events: an interval takes dozens of passes over up to a million of them.
    if (!bad && !isOpen) continue;
    tally.loneGood += at - tally.n;
    tally.n = at + 1;
    addToBurst(tally, bad, atMs.at(at) ?? null);
    isOpen = bet.n > 0 || burst.bad > 0;
  }
  tally.loneGood += numbers.length - tally.n;
  tally.n = numbers.length;
  return tally;
}

/** Identifies the outcome of a bet. */
export function betKey({ bad, n }: { bad: number; n: number }): number {
  return bad * (MAX_BET_EVENTS + 1) + n;
}

/**
 * Design effect (Kish 1965): n events carry as much information as n / effect independent ones. 1 for independent events, more
 * where bad ones come in bursts, null without a bad event.
 *
 * Here it is the mean, over the bad events, of the size of the burst that each is in, relative to the same mean for independent
 * events. Their bursts have geometric sizes: with the chance c that the next bad event follows within `burstGap`, the mean is
 * (1 + c) / (1 − c).
 */
export function designEffect(tally: EventTally): number | null {
  const { n, bad, burstGap, sumOfSquaredBursts } = tally;
  if (bad === 0) return null;
  let separate = 1;
  for (let place = 0; place <= burstGap; place++) separate *= 1 - bad / n;
  const joined = 1 - separate;
  return Math.max(1, ((sumOfSquaredBursts / bad) * (1 - joined)) / (1 + joined));
}

function closeByTime(tally: EventTally, atMs: number): void {
  const { burst, bet, allowedShare } = tally;
  if (burst.sinceMs === null || burst.lastBadMs === null) return;
  const isSeparate = atMs - burst.lastBadMs >= SEPARATE_MS;
  if (isSeparate || atMs - burst.sinceMs >= MAX_INCIDENT_MS) burst.bad = 0;
  // A bet takes at least as many bad events as the odds against one, or a few slow visits in a row would fail an objective.
  if (isSeparate && bet.bad > 0 && bet.bad * allowedShare >= 1 - allowedShare) closeBet(tally);
}

function closeBet({ bets, bet }: EventTally): void {
  const key = betKey(bet);
  const known = bets.get(key);
  if (known === undefined) bets.set(key, { bad: bet.bad, n: bet.n, count: 1 });
  else known.count += 1;
  bet.bad = 0;
  bet.n = 0;
  bet.goodSinceBad = 0;
}
