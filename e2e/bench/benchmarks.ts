import type { Benchmark } from './benchmark.ts';
import { clear } from './clear/clear.ts';
import { cost } from './cost/cost.ts';
import { mock } from './mock/mock.ts';
import { report } from './report/report.ts';
import { stall } from './stall/stall.ts';
import { truth } from './truth/truth.ts';

/** All that `npm run bench` can run, in its order. */
export const BENCHMARKS = { truth, stall, cost, mock, report, clear } satisfies Record<
  string,
  Benchmark
>;

export type BenchmarkName = keyof typeof BENCHMARKS;

export function isBenchmarkName(name: string): name is BenchmarkName {
  return Object.hasOwn(BENCHMARKS, name);
}
