import type { Objective } from '../../core/budget/objective.ts';

/** How a plot of growth tells what grows over what. */
export type GrowthWords = {
  /** Steps of the horizontal axis for each use. */
  stepsPerUse: number;
  xName: string;
  yName: string;
  /** What a dot is. */
  measured: string;
  /** Values are drawn as so many of their unit: the last digits of bytes say nothing. */
  scale: number;
  /** Room above and below the values at least, as they are drawn. */
  leastMargin: number;
};

const BYTES_IN_KB = 1000;
const THOUSAND = 1000;

/** @param usesBetween uses between two values; of what grows by the thousand requests, so many thousands */
export function growthWords({ unit }: Objective, usesBetween: number): GrowthWords {
  if (unit.endsWith('/1,000 requests')) {
    const requests = Math.round(usesBetween * THOUSAND).toLocaleString('en-US');
    return {
      stepsPerUse: THOUSAND,
      xName: 'request',
      yName: `since the first, ${unit.split('/')[0]}`,
      measured: `median of every ${requests} requests`,
      scale: 1,
      leastMargin: 0.1,
    };
  }
  const isBytes = unit.startsWith('B');
  return {
    stepsPerUse: 1,
    xName: 'use',
    yName: `since the first use, ${isBytes ? 'KB' : (unit.split('/')[0] ?? '')}`,
    measured: usesBetween === 1 ? 'each use' : `after every ${usesBetween} uses`,
    scale: isBytes ? BYTES_IN_KB : 1,
    leastMargin: 1,
  };
}
