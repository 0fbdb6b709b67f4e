import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { normalDraw, seededDraw } from '../statistics/seededDraw.ts';
import { judgeRun } from '../verdict/judgeRun.ts';
import { inBursts } from './eventSources.ts';
import { availability, latencyP95, metadataAccuracy } from './objectives.ts';
import { harnessOf, noopOf, recordOf, requestOf } from './recordOf.ts';

/** The judgement of 2,000 requests with slow and failed ones in bursts. Engines round `Math.log` differently, so numbers have 12 digits. */
export function judgeSeededRun(): string {
  const draw = seededDraw(99);
  const normal = normalDraw(draw);
  const [isSlow, fails] = [inBursts(0.04, 2)(draw), inBursts(0.002, 2)(draw)];
  const requests = Array.from({ length: 2000 }, (_, index) => {
    const latencyMs = 350 * Math.exp(0.2 * normal()) + (isSlow() ? 2000 : 0);
    const values = { latencyMs, reportedLatencyMs: Math.round(latencyMs - 2) };
    return fails()
      ? requestOf(index, { status: 500, failure: 'status 500', values: {} })
      : requestOf(index, { values });
  });
  const p50 = {
    ...latencyP95,
    id: 'classify.latency.p50',
    quantile: 0.5,
    allowedShare: 0.5,
    objective: 340,
  };
  const objectives = [p50, latencyP95, availability, metadataAccuracy];
  const record = recordOf(objectives, { requests, noops: [noopOf(1.5)], harness: [harnessOf()] });
  const judged = judgeRun(record, deriveEvents, { selected: objectives.map(({ id }) => id) });
  return JSON.stringify(judged, (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(12)) : value,
  );
}

// A test starts this file on the other runtime.
if (import.meta.main) process.stdout.write(judgeSeededRun());
