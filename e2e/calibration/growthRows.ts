import { judgeGrowth } from '../core/statistics/growth.ts';
import { type Draw, normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import {
  type CalibrationRow,
  countOutcomes,
  raiseBySimulationError,
  rounded,
  roundedShares,
} from './calibrationRow.ts';

const WARM_UP = 10;
const ITERATIONS = 40;
const PLAN = { mostPerIteration: 512, passAlpha: 0.05, failAlpha: 0.01 };

/** Growth per iteration in bytes, the highest error rates, and how many of the leaks must be found. */
const CASES: { bytes: number; atMost: Record<string, number>; leastFails?: number }[] = [
  { bytes: 0, atMost: { fail: 0.01, 'grows at all': 0.01 } },
  { bytes: 100, atMost: { fail: 0.01 } },
  { bytes: 512, atMost: { fail: 0.01, pass: 0.05 } },
  { bytes: 1024, atMost: { pass: 0.05 }, leastFails: 0.95 },
];

/** Growth of a heap. For comparison: how often its last reading is above the first. */
export function growthRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(2000 * scale);
  return CASES.map(({ bytes, atMost, leastFails }, at) => {
    const draw = seededDraw(4000 + at);
    let slopes = 0;
    const outcomes = ['pass', 'fail', 'inconclusive', 'grows', 'last above first'] as const;
    const counts = countOutcomes(runs, outcomes, () => {
      const heap = heapReadings(bytes, draw);
      const { verdict, perIteration, interval } = judgeGrowth(heap.slice(WARM_UP), PLAN);
      slopes += perIteration;
      const isHigher = (heap.at(-1) as number) > (heap[WARM_UP] as number);
      return [verdict, (interval[0] ?? 0) > 0 && 'grows', isHigher && 'last above first'];
    });
    const { pass, fail, inconclusive, grows, ...others } = counts;
    return {
      section: 'growth',
      name: `${bytes} B an iteration, ${PLAN.mostPerIteration} allowed, ${ITERATIONS} iterations`,
      runs,
      figures: {
        ...roundedShares({ pass, fail, open: inconclusive, 'grows at all': grows }, runs),
        'average slope': rounded(slopes / runs, 1),
        ...roundedShares(others, runs),
      },
      goals: [
        ...Object.entries(atMost).map(([figure, share]) => ({
          figure,
          atMost: raiseBySimulationError(share, runs),
        })),
        ...(leastFails === undefined ? [] : [{ figure: 'fail', atLeast: leastFails }]),
      ],
    };
  });
}

/** Heap after each iteration: code is compiled at first, each reading has 1.3 KB of noise, and one in twenty 20 KB of garbage. */
function heapReadings(bytes: number, draw: Draw): number[] {
  const normal = normalDraw(draw);
  return Array.from({ length: WARM_UP + ITERATIONS }, (_, at) => {
    const compiled = 60_000 * (1 - 2 ** -at);
    const garbage = draw() < 0.05 ? 20_000 : 0;
    return 5_000_000 + compiled + bytes * at + 1300 * normal() + garbage;
  });
}
