import { tallyEvents } from '../statistics/eventTally.ts';
import type { Draw } from '../statistics/seededDraw.ts';
import { shareTest } from '../statistics/shareTest.ts';
import type { VerdictName } from '../statistics/verdict.ts';
import { inBursts, independent } from './eventSources.ts';

const PLAN = { passAlpha: 0.05, failAlpha: 0.01 / 60 };
const LENGTHS = [1, 3, 6, 10];

/** Numbers of sequences by their verdict, and how often changing one event turned it the wrong way. */
export type Monotony = {
  pass: number;
  fail: number;
  inconclusive: number;
  passLostByBetter: number;
  passWonByWorse: number;
  failLostByWorse: number;
  failWonByBetter: number;
};

/**
 * Draws sequences, and makes one event of each better, then one worse. Length (up to `mostEvents`) and share of bad events (up to
 * twice the allowed share) are uniform, and bursts have mean length 1, 3, 6 or 10. Better: a bad event becomes good, or a good one is
 * added, each with chance 1/2; worse: the reverse.
 */
export function drawMonotony(
  { allowedShare, mostEvents }: { allowedShare: number; mostEvents: number },
  sequences: number,
  draw: Draw,
): Monotony {
  const test = shareTest({ ...PLAN, allowedShare });
  const verdictOf = (events: readonly boolean[]): VerdictName =>
    test(
      tallyEvents(
        allowedShare,
        events.map((bad) => ({ bad })),
      ),
    ).verdict;
  const counts: Monotony = {
    pass: 0,
    fail: 0,
    inconclusive: 0,
    passLostByBetter: 0,
    passWonByWorse: 0,
    failLostByWorse: 0,
    failWonByBetter: 0,
  };
  for (let sequence = 0; sequence < sequences; sequence++) {
    const badShare = 2 * allowedShare * draw();
    const length = LENGTHS[Math.floor(LENGTHS.length * draw())] as number;
    const next = (length === 1 ? independent(badShare) : inBursts(badShare, length))(draw);
    const events = Array.from({ length: 1 + Math.floor(mostEvents * draw()) }, next);
    const verdict = verdictOf(events);
    const better = verdictOf(changeOne(events, false, draw));
    const worse = verdictOf(changeOne(events, true, draw));
    counts[verdict] += 1;
    if (verdict === 'pass' && better !== 'pass') counts.passLostByBetter += 1;
    if (verdict !== 'pass' && worse === 'pass') counts.passWonByWorse += 1;
    if (verdict === 'fail' && worse !== 'fail') counts.failLostByWorse += 1;
    if (verdict !== 'fail' && better === 'fail') counts.failWonByBetter += 1;
  }
  return counts;
}

/** Makes one event bad (or good), or adds such an event. */
function changeOne(events: readonly boolean[], bad: boolean, draw: Draw): boolean[] {
  const others = [...events.keys()].filter((at) => events[at] !== bad);
  const place = others[Math.floor(others.length * draw())];
  if (place !== undefined && draw() < 0.5) return events.with(place, bad);
  return events.toSpliced(Math.floor((events.length + 1) * draw()), 0, bad);
}
