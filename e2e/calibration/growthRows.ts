import { judgeGrowth } from '../core/statistics/growth.ts';
import { type Draw, normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { type CalibrationRow, rounded, sharesOf, withinError } from './calibrationRow.ts';

const WARM_UP = 10;
const ITERATIONS = 40;
const PLAN = { mostPerIteration: 512, passAlpha: 0.05, failAlpha: 0.01 };

/** Bounds on the shares of verdicts: of wrong ones at most, of found leaks of twice the allowed growth at least. */
const CASES: { bytes: number; atMost: Record<string, number>; atLeast: Record<string, number> }[] =
  [
    { bytes: 0, atMost: { fail: 0.01, 'grows at all': 0.01 }, atLeast: {} },
    { bytes: 100, atMost: { fail: 0.01 }, atLeast: {} },
    { bytes: 512, atMost: { fail: 0.01, pass: 0.05 }, atLeast: {} },
    { bytes: 1024, atMost: { pass: 0.05 }, atLeast: { fail: 0.95 } },
  ];

/**
 * Heap over iterations: code that is compiled during the first ones, 1.3 KB of noise on each reading, and one reading in twenty taken
 * with 20 KB of garbage still there. Beside it how often the last reading lies above the first.
 */
export function growthRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(2000 * scale);
  return CASES.map(({ bytes, atMost, atLeast }, at) => {
    const draw = seededDraw(4000 + at);
    const counts = { pass: 0, fail: 0, inconclusive: 0, grows: 0, bare: 0 };
    let slopes = 0;
    for (let run = 0; run < runs; run++) {
      const heap = heapReadings(bytes, draw);
      const { verdict, perIteration, interval } = judgeGrowth(heap.slice(WARM_UP), PLAN);
      counts[verdict] += 1;
      slopes += perIteration;
      if ((interval[0] ?? 0) > 0) counts.grows += 1;
      if ((heap.at(-1) as number) > (heap[WARM_UP] as number)) counts.bare += 1;
    }
    const { pass, fail, inconclusive: open, grows, bare } = counts;
    return {
      section: 'growth',
      name: `${bytes} B an iteration, ${PLAN.mostPerIteration} allowed, ${ITERATIONS} iterations`,
      runs,
      figures: {
        ...sharesOf({ pass, fail, open, 'grows at all': grows }, runs),
        'average slope': rounded(slopes / runs, 1),
        ...sharesOf({ 'last above first': bare }, runs),
      },
      goals: [
        ...Object.entries(atMost).map(([figure, share]) => ({
          figure,
          atMost: withinError(share, runs),
        })),
        ...Object.entries(atLeast).map(([figure, share]) => ({ figure, atLeast: share })),
      ],
    };
  });
}

function heapReadings(bytes: number, draw: Draw): number[] {
  const normal = normalDraw(draw);
  return Array.from({ length: WARM_UP + ITERATIONS }, (_, at) => {
    const compiled = 60_000 * (1 - 2 ** -at);
    const garbage = draw() < 0.05 ? 20_000 : 0;
    return 5_000_000 + compiled + bytes * at + 1300 * normal() + garbage;
  });
}
