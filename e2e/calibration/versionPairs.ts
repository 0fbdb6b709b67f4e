import { type Draw, normalDraw } from '../core/statistics/seededDraw.ts';
import type { BlockPair } from '../history/versionEvidence.ts';

export type TwoVersions = {
  /** Latency of the candidate, relative to the baseline. */
  ratio: number;
  /** Share of the candidate's requests that take `slowByMs` longer. */
  slowShare: number;
  slowByMs: number;
  /** Both versions get the same latencies of the model. */
  hasCommonNumbers: boolean;
  /** Standard deviation of the logarithm by which the processes of one version differ; each pair meets one process of each. */
  processSpread: number;
};

/** Of each version: as many as `npm run compare` starts. */
const PROCESSES = 4;

export const BLOCK_SIZE = 5;

/** Latency of the model: P50 350 ms, P95 500 ms. */
const MEDIAN_MS = 350;
const MODEL_SPREAD = Math.log(500 / 350) / 1.6449;

/** Makes pairs of blocks as a comparison measures them: in random order on one noisy machine. */
export function pairSource(versions: TwoVersions, draw: Draw): () => BlockPair {
  const [normal, machine] = [normalDraw(draw), noisyMachine(draw)];
  const { processSpread, hasCommonNumbers, slowShare, slowByMs } = versions;
  const processes = Array.from(
    { length: processSpread === 0 ? 0 : PROCESSES },
    () => versions.ratio * Math.exp(Math.SQRT2 * processSpread * normal()),
  );
  let pairs = 0;
  const models = () => Array.from({ length: BLOCK_SIZE }, () => MODEL_SPREAD * normal());
  const measure = (logModel: number[], isCandidate: boolean) => {
    const ratio = processes[pairs % PROCESSES] ?? versions.ratio;
    return logModel.map((value) => {
      const latencyMs = MEDIAN_MS * Math.exp(value) * machine();
      if (!isCandidate) return latencyMs;
      return latencyMs * ratio + (draw() < slowShare ? slowByMs : 0);
    });
  };
  return () => {
    pairs += 1;
    const forBaseline = models();
    const forCandidate = hasCommonNumbers ? forBaseline : models();
    if (draw() < 0.5) {
      const baseline = measure(forBaseline, false);
      return { baseline, candidate: measure(forCandidate, true) };
    }
    const candidate = measure(forCandidate, true);
    return { baseline: measure(forBaseline, false), candidate };
  };
}

/** Standard deviation of the logarithm of the noise, and its correlation from one request to the next. */
const NOISE_SPREAD = 0.08;
const AUTOCORRELATION = 0.95;
/** Stolen CPU: bursts of 20 requests on average, 2 % of the time, in which requests take half as long again. */
const BURST_ENDS = 1 / 20;
const BURST_STARTS = 0.001;
const BURST_FACTOR = 1.5;

/** The factor by which a noisy machine slows each request in turn: an autoregressive drift, and bursts of stolen CPU. */
function noisyMachine(draw: Draw): () => number {
  const normal = normalDraw(draw);
  let drift = NOISE_SPREAD * normal();
  let inBurst = false;
  return () => {
    drift =
      AUTOCORRELATION * drift +
      Math.sqrt(1 - AUTOCORRELATION * AUTOCORRELATION) * NOISE_SPREAD * normal();
    inBurst = inBurst ? draw() >= BURST_ENDS : draw() < BURST_STARTS;
    return Math.exp(drift) * (inBurst ? BURST_FACTOR : 1);
  };
}
