import { FEWEST_WARM_UP_ITERATIONS } from '../../trend/judgeGrowth.ts';
import type { RequestLine } from '../recordLine.ts';
import { checkOfAnswered } from './checks.ts';
import { type Derivation, ofAnswered } from './derivation.ts';

type ValueName = keyof RequestLine['values'];

const ofValue = (name: ValueName): Derivation => ofAnswered(({ values }) => values[name]);

export const blocking = ofValue('blockedMs');
export const requests = ofValue('requests');
export const weight = ofValue('weightBytes');
export const lcp = ofValue('lcpMs');
export const tbt = ofValue('tbtMs');
export const cls = ofValue('layoutShift');
export const unusedBytes = ofValue('unusedBytes');
export const totalBytes = ofValue('totalBytes');
export const score = ofValue('scorePoints');
export const footprint = ofValue('usedBytes');

export const growth = growing('usedBytes');
export const nodeGrowth = growing('nodes');
export const listenerGrowth = growing('listeners');

export const streaming = checkOfAnswered('streaming');
export const connection = checkOfAnswered('connection');
export const caching = checkOfAnswered('caching');

/** Of each use after the warm-up. Where that was too short, what is still being compiled would look like growth: all are missing. */
function growing(name: ValueName): Derivation {
  return (given) => {
    const { record, requests: uses, objective } = given;
    const warmUps = record.requests.filter(
      ({ warmUp, workload }) => warmUp && workload === objective.workload,
    );
    if (warmUps.length < FEWEST_WARM_UP_ITERATIONS) {
      return { observations: [], missing: uses.length };
    }
    return ofValue(name)(given);
  };
}
