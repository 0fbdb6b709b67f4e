import type { MetricName } from '../../budget/metrics.ts';
import {
  answered,
  availability,
  firstChunk,
  latency,
  metadata,
  modelCalls,
  ownTime,
} from './answers.ts';
import { attemptRate, attempts, retried, retryAfter } from './attempts.ts';
import { contract, isolation, page, secrecy, soundness } from './checks.ts';
import { type Derivation, eachRequest } from './derivation.ts';
import { refusal, released, timeout, workStops } from './endings.ts';
import { fairness } from './fairness.ts';
import { recovery } from './recovery.ts';
import * as uses from './uses.ts';
import { gapGrowth, jitter } from './waits.ts';

/** What is measured under load alone: a request that was sent by itself says nothing of it. */
const underLoadAlone: Derivation = eachRequest(() => null);

/** What each metric makes of the requests of a record. Those of a load are read in `loads.ts`. */
export const DERIVATIONS: Record<MetricName, Derivation> = {
  latency,
  firstChunk,
  ownTime,
  metadata,
  availability,
  modelCalls,
  isolation,
  fairness,
  answered,
  timeout,
  refusal,
  released,
  page,
  workStops,
  retried,
  attempts,
  attemptRate,
  gapGrowth,
  jitter,
  retryAfter,
  recovery,
  contract,
  secrecy,
  soundness,
  ...uses,
  serviceTime: underLoadAlone,
  stall: underLoadAlone,
  latencyGrowth: underLoadAlone,
  rate: underLoadAlone,
};
