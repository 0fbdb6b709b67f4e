import { FEWEST_WARM_UP_ITERATIONS } from '../../trend/judgeGrowth.ts';
import type { RequestLine } from '../recordLine.ts';
import { checkOfAnswered } from './checks.ts';
import { type Derivation, ofAnswered } from './derivation.ts';

type ValueName = keyof RequestLine['values'];

const valueOf = (name: ValueName): Derivation => ofAnswered(({ values }) => values[name]);

export const blocking = valueOf('blockedMs');
export const requests = valueOf('requests');
export const weight = valueOf('weightBytes');
export const lcp = valueOf('lcpMs');
export const fcp = valueOf('fcpMs');
export const ttfb = valueOf('ttfbMs');
export const inp = valueOf('inpMs');
export const tbt = valueOf('tbtMs');
export const cls = valueOf('layoutShift');
export const unusedBytes = valueOf('unusedBytes');
export const totalBytes = valueOf('totalBytes');
export const score = valueOf('scorePoints');
export const footprint = valueOf('usedBytes');

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
    return valueOf(name)(given);
  };
}
