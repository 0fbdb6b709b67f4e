import { FEWEST_WARM_UP_ITERATIONS } from '../../statistics/growth.ts';
import { checkOfAnswered } from './checks.ts';
import type { ValueName } from './contradictions.ts';
import { type Derivation, eachRequest, ofValue } from './derivation.ts';

export const blocking = ofValue('blockedMs');
export const requests = ofValue('requests');
export const weight = ofValue('weightBytes');
/** An answer that was shown all at once has no pause; `streaming` judges that. */
export const chunkGap = eachRequest(({ failure, values, checks }) => {
  if (failure !== null) return null;
  const { longestGapMs: value } = values;
  if (value !== undefined) return { value };
  return checks.streaming === false ? null : 'missing';
});
export const missedFrames = ofValue('missedFramesPercent');
export const insight = ofValue('insightMs');
export const ttfb = ofValue('ttfbMs');
export const fcp = ofValue('fcpMs');
export const lcp = ofValue('lcpMs');
export const tbt = ofValue('tbtMs');
export const inp = ofValue('inpMs');
export const cls = ofValue('layoutShift');
export const unusedBytes = ofValue('unusedBytes');
export const totalBytes = ofValue('totalBytes');
export const score = ofValue('scorePoints');
export const accessibility = ofValue('accessibilityPoints');
export const bestPractices = ofValue('bestPracticesPoints');
export const footprint = ofValue('usedBytes');

export const growth = growing('usedBytes');
export const nodeGrowth = growing('nodes');
export const listenerGrowth = growing('listeners');
export const documentGrowth = growing('documents');

export const streaming = checkOfAnswered('streaming');
export const connection = checkOfAnswered('connection');
export const caching = checkOfAnswered('caching');

/**
 * Of each use after the warm-up. Where that was too short, what is still being compiled would look like growth; where one line stands for
 * more uses than another, no slope is that of a use: all are missing.
 */
function growing(name: ValueName): Derivation {
  return (given) => {
    const { record, requests: uses, objective } = given;
    const warmUps = record.requests.filter(
      ({ warmUp, workload }) => warmUp && workload === objective.workload,
    );
    const [usesBetween = 1, ...others] = new Set(uses.map(({ values }) => values.uses ?? 1));
    const isWarm = warmUps.length * usesBetween >= FEWEST_WARM_UP_ITERATIONS;
    if (!isWarm || others.length > 0) {
      return { observations: [], missing: uses.filter(({ failure }) => failure === null).length };
    }
    const observed = ofValue(name)(given);
    return usesBetween === 1 ? observed : { ...observed, usesBetween };
  };
}
