import { FEWEST_WARM_UP_ITERATIONS } from '../../statistics/growth.ts';
import type { MemoryLine } from '../measurementLine.ts';
import { checkOfAnswered } from './checks.ts';
import { type Derivation, deriveFrom, eachLine, ofValue } from './derivation.ts';

export const blocking = ofValue(['iteration', 'visit'], 'blockedMs');
export const requests = ofValue(['iteration', 'visit'], 'requests');
export const weight = ofValue(['visit'], 'weightBytes');
/** An answer that was shown all at once has no pause; `streaming` judges that. */
export const chunkGap = eachLine(['iteration'], ({ failure, values, checks }) => {
  if (failure !== null) return null;
  const { longestGapMs: value } = values;
  if (value !== undefined) return { value };
  return checks.streaming === false ? null : 'missing';
});
export const missedFrames = ofValue(['visit'], 'missedFramesPercent');
export const insight = ofValue(['visit'], 'insightMs');
export const ttfb = ofValue(['visit'], 'ttfbMs');
export const fcp = ofValue(['visit'], 'fcpMs');
export const lcp = ofValue(['visit', 'audit'], 'lcpMs');
export const tbt = ofValue(['audit'], 'tbtMs');
export const inp = ofValue(['visit', 'audit'], 'inpMs');
export const cls = ofValue(['visit', 'audit'], 'layoutShift');
export const unusedBytes = ofValue(['audit'], 'unusedBytes');
export const totalBytes = ofValue(['audit'], 'totalBytes');
export const score = ofValue(['audit'], 'scorePoints');
export const accessibility = ofValue(['audit'], 'accessibilityPoints');
export const bestPractices = ofValue(['audit'], 'bestPracticesPoints');
export const footprint = ofValue(['memory'], 'usedBytes');

export const growth = growing('usedBytes');
export const nodeGrowth = growing('nodes');
export const listenerGrowth = growing('listeners');
export const documentGrowth = growing('documents');

export const streaming = checkOfAnswered('iteration', 'streaming');
export const connection = checkOfAnswered('iteration', 'connection');
export const caching = checkOfAnswered('visit', 'caching');

/**
 * Of each reading after the warm-up. Where that was too short, what is still being compiled would look like growth; where one reading
 * stands for more iterations than another, no slope is that of an iteration: all are missing.
 */
function growing(name: keyof MemoryLine['values']): Derivation {
  return deriveFrom(['memory'], (given) => {
    const { record, lines: readings, objective } = given;
    const warmUps = record.samples.filter(
      ({ warmUp, workload }) => warmUp && workload === objective.workload,
    );
    const [usesBetween = 1, ...others] = new Set(readings.map(({ iterations }) => iterations));
    const isWarm = warmUps.length * usesBetween >= FEWEST_WARM_UP_ITERATIONS;
    if (!isWarm || others.length > 0) {
      return {
        observations: [],
        missing: readings.filter(({ failure }) => failure === null).length,
      };
    }
    const observed = ofValue(['memory'], name)(given);
    return usesBetween === 1 ? observed : { ...observed, usesBetween };
  });
}
