import { logarithm, logarithmOf1Plus } from '../portable/logarithm.ts';
/** All that a verdict on a share needs to know of its events, in the order of sending: constant size, whatever their number. */
export type EventTally = {
  allowedShare: number;
  n: number;
  bad: number;
  /** Good events since the last bad one; null before the first. */
  goodSinceBad: number | null;
  /** Runs of bad events without a good one between; one that lasts long counts anew. */
  runs: number;
  /** Bad events of the last run, and when it was counted; null where events have no time. */
  currentRun: number;
  runSinceMs: number | null;
  sumOfSquaredRuns: number;
  /** How often a bad event was followed by another one, two, … `LONGEST_LAG` events later. */
  pairsAtLag: readonly number[];
  /** The last `LONGEST_LAG` events as bits, 1 for bad, the latest lowest. */
  recent: number;
  /** Separate bursts: bad events with no more than `burstGap` good ones between them are of one, but one that is long, or lasts long, counts anew. */
  bursts: number;
  burstGap: number;
  /** Bad events of the last burst, and when it was first counted; null where events have no time. */
  currentBurst: number;
  burstSinceMs: number | null;
};

/** Bursts of a service are rarely longer than this many requests or repeat within it. */
const LONGEST_LAG = 8;
/** So many bad events in one go are no longer one mishap; otherwise a service that always fails could never be failed. */
const LONG_BURST = 12;
/** Nor are those that come as long after the first: a mishap of a machine is over by then. What is used once in seconds is no burst. */
const LONG_BURST_MS = 5_000;
/** Some requests get away in the middle of a burst: up to so many good events do not end it. */
const WIDEST_GAP = 4;
/** Fewer do where so many are allowed to be bad that they would come as close by chance more often than this. */
const CHANCE_OF_GAP = 0.2;

/** @param allowedShare in [0, 1) */
export function startTally(allowedShare: number): EventTally {
  const byChance = Math.floor(logarithm(1 - CHANCE_OF_GAP) / logarithmOf1Plus(-allowedShare));
  return {
    allowedShare,
    n: 0,
    bad: 0,
    goodSinceBad: null,
    runs: 0,
    currentRun: 0,
    runSinceMs: null,
    sumOfSquaredRuns: 0,
    pairsAtLag: new Array<number>(LONGEST_LAG).fill(0),
    recent: 0,
    bursts: 0,
    burstGap: allowedShare === 0 ? WIDEST_GAP : Math.min(WIDEST_GAP, byChance),
    currentBurst: 0,
    burstSinceMs: null,
  };
}

/** The tally with one more event; without its time, bursts are told by numbers alone. */
export function addEvent(tally: EventTally, bad: boolean, atMs: number | null = null): EventTally {
  const next = { ...tally };
  count(next, bad, atMs);
  return next;
}

/** Changes the tally: of a million events a copy for each takes longer than all else. */
function count(tally: EventTally, bad: boolean, atMs: number | null): void {
  const { goodSinceBad, recent } = tally;
  tally.n += 1;
  tally.recent = ((recent << 1) | (bad ? 1 : 0)) & ((1 << LONGEST_LAG) - 1);
  if (!bad) {
    tally.goodSinceBad = goodSinceBad === null ? null : goodSinceBad + 1;
    return;
  }
  const goesOn = goodSinceBad === 0 && !isLong(tally.runSinceMs, atMs);
  const joins =
    goodSinceBad !== null && goodSinceBad <= tally.burstGap && !isLong(tally.burstSinceMs, atMs);
  tally.bad += 1;
  tally.goodSinceBad = 0;
  tally.currentRun = goesOn ? tally.currentRun + 1 : 1;
  if (tally.currentRun === 1) {
    tally.runs += 1;
    tally.runSinceMs = atMs;
  }
  tally.sumOfSquaredRuns += 2 * tally.currentRun - 1;
  // A list of its own: tallies that this one is a copy of go on without it.
  tally.pairsAtLag = tally.pairsAtLag.map((pairs, at) => pairs + ((recent >> at) & 1));
  tally.currentBurst = joins ? tally.currentBurst + 1 : 1;
  if (tally.currentBurst % LONG_BURST === 1) {
    tally.bursts += 1;
    tally.burstSinceMs = atMs;
  }
}

function isLong(sinceMs: number | null, atMs: number | null): boolean {
  return sinceMs !== null && atMs !== null && atMs - sinceMs >= LONG_BURST_MS;
}

/** Tally of events that are all there. */
export function tallyEvents(
  allowedShare: number,
  events: Iterable<{ bad: boolean; atMs?: number }>,
): EventTally {
  const tally = startTally(allowedShare);
  for (const { bad, atMs = null } of events) count(tally, bad, atMs);
  return tally;
}
