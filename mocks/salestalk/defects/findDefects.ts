import { StartupError } from '../startupError.ts';
import { bareError } from './answers/bareError.ts';
import { batchedChunks } from './answers/batchedChunks.ts';
import { leakyError } from './answers/leakyError.ts';
import { malformedPassedOn } from './answers/malformedPassedOn.ts';
import { abandonedWork } from './attempts/abandonedWork.ts';
import { constantGap } from './attempts/constantGap.ts';
import { longTimeout } from './attempts/longTimeout.ts';
import { noJitter } from './attempts/noJitter.ts';
import { noRetry } from './attempts/noRetry.ts';
import { noTimeout } from './attempts/noTimeout.ts';
import { repeatedNarrative } from './attempts/repeatedNarrative.ts';
import { retriesValidationError } from './attempts/retriesValidationError.ts';
import { retryAfterIgnored } from './attempts/retryAfterIgnored.ts';
import { retryStorm } from './attempts/retryStorm.ts';
import { slowRecovery } from './attempts/slowRecovery.ts';
import { unreleasedCall } from './attempts/unreleasedCall.ts';
import type { Defect } from './defect.ts';
import { halvedLatency } from './halvedLatency.ts';
import { errorsAbove80 } from './load/errorsAbove80.ts';
import { fourConnections } from './load/fourConnections.ts';
import { slowing } from './load/slowing.ts';
import { stall } from './load/stall.ts';
import { tenantTurns } from './load/tenantTurns.ts';
import { noMetadata } from './noMetadata.ts';
import { blockingScript } from './page/blockingScript.ts';
import { lateLargestElement } from './page/lateLargestElement.ts';
import { layoutShift } from './page/layoutShift.ts';
import { leak1kb } from './page/leak1kb.ts';
import { leak10kb } from './page/leak10kb.ts';
import { leak100kb } from './page/leak100kb.ts';
import { leakDetached } from './page/leakDetached.ts';
import { leakHistory } from './page/leakHistory.ts';
import { leakListeners } from './page/leakListeners.ts';
import { leakTimers } from './page/leakTimers.ts';
import { longTask } from './page/longTask.ts';
import { oversizedScript } from './page/oversizedScript.ts';
import { requestPerChunk } from './page/requestPerChunk.ts';
import { uncachedAssets } from './page/uncachedAssets.ts';
import { apiLeak } from './process/apiLeak.ts';
import { coldConnections } from './process/coldConnections.ts';
import { slowStart } from './process/slowStart.ts';
import { slowMedian } from './slowMedian.ts';
import { slowQuarter } from './slowQuarter.ts';
import { crossTenant } from './tenants/crossTenant.ts';
import { sharedSession } from './tenants/sharedSession.ts';
import { starvedTenants } from './tenants/starvedTenants.ts';
import { twoPercentErrors } from './twoPercentErrors.ts';

export const defects: readonly Defect[] = [
  slowMedian,
  slowQuarter,
  halvedLatency,
  twoPercentErrors,
  noMetadata,
  noTimeout,
  longTimeout,
  unreleasedCall,
  abandonedWork,
  noRetry,
  constantGap,
  noJitter,
  retryAfterIgnored,
  retryStorm,
  retriesValidationError,
  repeatedNarrative,
  slowRecovery,
  crossTenant,
  sharedSession,
  starvedTenants,
  malformedPassedOn,
  leakyError,
  bareError,
  leak1kb,
  leak10kb,
  leak100kb,
  leakDetached,
  leakListeners,
  leakTimers,
  leakHistory,
  layoutShift,
  longTask,
  lateLargestElement,
  blockingScript,
  oversizedScript,
  uncachedAssets,
  batchedChunks,
  requestPerChunk,
  coldConnections,
  apiLeak,
  slowStart,
  stall,
  slowing,
  fourConnections,
  errorsAbove80,
  tenantTurns,
];

/** The defects of these names. @throws StartupError naming the known ones if one is unknown */
export function findDefects(names: readonly string[]): Defect[] {
  return names.map((name) => {
    const found = defects.find((defect) => defect.name === name);
    if (found !== undefined) return found;
    const known = defects.map((defect) => defect.name).join(', ');
    throw new StartupError('DEFECT_UNKNOWN', `there is no defect "${name}". Known ones: ${known}.`);
  });
}
