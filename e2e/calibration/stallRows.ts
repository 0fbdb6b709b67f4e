import type { DisturbanceLine } from '../core/record/recordLine.ts';
import { isTooDisturbed, setAsideRule } from '../core/record/setAside.ts';
import { addEvent, startTally } from '../core/statistics/eventTally.ts';
import { type Draw, seededDraw } from '../core/statistics/seededDraw.ts';
import { shareTest } from '../core/statistics/shareTest.ts';
import { type VerdictName, verdictName } from '../core/statistics/verdict.ts';
import { LIMIT_MS } from '../core/testing/eventSources.ts';
import { latencyP95 } from '../core/testing/objectives.ts';
import {
  type CalibrationRow,
  countOutcomes,
  type Goal,
  raiseBySimulationError,
  roundedShares,
} from './calibrationRow.ts';
import { P95_PLAN } from './shareRows.ts';

/** Durations of requests: the share of bad ones, and the range of each kind in ms. */
type Truth = { badShare: number; good: [number, number]; bad: [number, number] };

const QUICK: [number, number] = [300, 500];
const CLOSE: [number, number] = [1700, 1990];
const SLOW: [number, number] = [2010, 2500];
const HANGING: [number, number] = [10_000, 20_000];

const BETWEEN_MS = 1000 / 6;
const MAX_EVENTS = 600;
const START_MS = 1_800_000_000_000;

const CASES: { name: string; truth: Truth; goals: (runs: number) => Goal[] }[] = [
  { name: '5 % slow', truth: { badShare: 0.05, good: QUICK, bad: SLOW }, goals: atBoundary },
  { name: '5 % hanging', truth: { badShare: 0.05, good: QUICK, bad: HANGING }, goals: atBoundary },
  { name: '5 % slow, close', truth: { badShare: 0.05, good: CLOSE, bad: SLOW }, goals: atBoundary },
  {
    name: 'none bad, close',
    truth: { badShare: 0, good: CLOSE, bad: SLOW },
    goals: () => [{ figure: 'pass', atLeast: 0.99 }],
  },
  {
    name: '30 % hanging',
    truth: { badShare: 0.3, good: QUICK, bad: HANGING },
    goals: () => [{ figure: 'fail', atLeast: 0.9 }],
  },
];

/** Runs in which the harness stalls, so that events are set aside. For comparison: the same with all events counted, and without stalls. */
export function stallRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(2000 * scale);
  return CASES.map(({ name, truth, goals }, at) => {
    let setAsideShares = 0;
    const judge = (hasStalls: boolean, setsAside: boolean) =>
      countOutcomes(runs, verdictName.options, (run) => {
        const draw = seededDraw(3000 + at + 10 * run);
        const stalls = hasStalls ? drawStalls(draw) : [];
        const { verdict, setAsideShare } = simulateRun(truth, stalls, draw, setsAside);
        if (setsAside) setAsideShares += setAsideShare;
        return [verdict];
      });
    const { pass, fail, inconclusive: open } = judge(true, true);
    const [allCounted, withoutStalls] = [judge(true, false), judge(false, false)];
    const figures = {
      ...{ pass, fail, open, 'set aside': setAsideShares },
      'all counted: pass': allCounted.pass,
      'all counted: fail': allCounted.fail,
      'no stalls: pass': withoutStalls.pass,
      'no stalls: fail': withoutStalls.fail,
    };
    return {
      section: 'harness stalls',
      name: `P95, ${name}`,
      runs,
      figures: roundedShares(figures, runs),
      goals: goals(runs),
    };
  });
}

function atBoundary(runs: number): Goal[] {
  return [
    { figure: 'pass', atMost: raiseBySimulationError(P95_PLAN.passAlpha, runs) },
    { figure: 'fail', atMost: raiseBySimulationError(P95_PLAN.failAlpha, runs) },
  ];
}

/** Stalls of 50 to 350 ms, one every 4 to 12 s. */
function drawStalls(draw: Draw): DisturbanceLine[] {
  const stalls: DisturbanceLine[] = [];
  const head = { type: 'disturbance', workload: 'latency', cause: 'stall', stolenMs: 0 } as const;
  for (let atMs = 0; atMs < MAX_EVENTS * BETWEEN_MS + HANGING[1]; ) {
    atMs += 4000 + 8000 * draw();
    stalls.push({ ...head, fromMs: START_MS + atMs, durationMs: 50 + 300 * draw() });
  }
  return stalls;
}

/** Tests after every event, in the order of sending, until the verdict is clear. */
function simulateRun(
  { badShare, good, bad }: Truth,
  stalls: DisturbanceLine[],
  draw: Draw,
  setsAside: boolean,
): { verdict: VerdictName; setAsideShare: number } {
  const rule = setsAside ? setAsideRule(OBJECTIVE, { disturbances: stalls }) : null;
  const test = shareTest(P95_PLAN);
  const tally = startTally(P95_PLAN.allowedShare);
  let setAside = 0;
  const share = () => setAside / Math.max(1, setAside + tally.n);
  for (let at = 0; at < MAX_EVENTS; at++) {
    const [least, most] = draw() < badShare ? bad : good;
    const fromMs = START_MS + at * BETWEEN_MS;
    const sentMs = seenAt(fromMs, stalls);
    const untilMs = seenAt(sentMs + least + (most - least) * draw(), stalls);
    const value = untilMs - sentMs;
    if (rule?.({ fromMs, lateMs: sentMs - fromMs, untilMs, value, isTimedByHarness: true })) {
      setAside += 1;
      continue;
    }
    addEvent(tally, value >= LIMIT_MS, sentMs);
    const { verdict } = test(tally);
    if (verdict === 'inconclusive' || isTooDisturbed(setAside, tally.n)) continue;
    return { verdict, setAsideShare: share() };
  }
  return { verdict: 'inconclusive', setAsideShare: share() };
}

/** When the harness does or sees something that is due at a time: if it stalls then, at the end of the stall. */
function seenAt(ms: number, stalls: readonly DisturbanceLine[]): number {
  const stall = stalls.find(({ fromMs, durationMs }) => ms >= fromMs && ms < fromMs + durationMs);
  return stall === undefined ? ms : stall.fromMs + stall.durationMs;
}

const OBJECTIVE = { ...latencyP95, objective: LIMIT_MS, workload: 'latency' };
