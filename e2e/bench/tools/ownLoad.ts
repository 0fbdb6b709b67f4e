import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { arrivalTimes } from '../../engine/arrivalTimes.ts';
import { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import { takeSegment } from '../../engine/segment.ts';
import { type LoadSample, runClosedModel, runOpenModel } from '../../engine/workloadModels.ts';
import { TimedClient } from '../../probes/httpClient.ts';
import { createSender, evenArrivals, readQuantiles } from './sending.ts';
import type { Load, ToolReport } from './tool.ts';

// Runs one of our load models as a program: the closed one for users, the open one for a rate. It keeps histograms and no requests, as the
// harness does, and prints its report.
const load: Load = JSON.parse(process.argv[2] ?? '');
const isClosed = 'users' in load;
const connections = isClosed ? load.users : load.connections;
const client = new TimedClient(new URL(load.url).origin, { connections });
const send = createSender(client, load);
/** From the intended start. */
const response = new LatencyHistogram();
/** From the handing over to the HTTP client. */
const service = new LatencyHistogram();
let failed = 0;
let firstFailure: string | null = null;

if (isClosed) {
  const { users, thinkMs = 0, seconds } = load;
  const durationMs = seconds * 1000;
  await runClosedModel({ users, thinkMs: () => thinkMs, durationMs, send, onEnd: count });
} else {
  const { ratePerSecond: rate, warmUpSeconds = 0, seconds, segment } = load;
  const allSeconds = warmUpSeconds + seconds;
  await runOpenModel({
    arrivals:
      segment === undefined
        ? evenArrivals(rate, allSeconds)
        : takeSegment(arrivalTimes({ model: 'poisson', rate }, allSeconds, seededDraw(1)), segment),
    send,
    maxInFlight: connections,
    onEnd: (sample) => {
      if (sample.dueMs >= warmUpSeconds * 1000) count(sample);
    },
  });
}
const report: ToolReport = {
  requests: service.count,
  failed,
  firstFailure,
  dropped: isClosed ? null : 0,
  quantilesMs: { 'response time': readQuantiles(response), 'service time': readQuantiles(service) },
};
process.stdout.write(`${JSON.stringify(report)}\n`);
await client.close();

/** A request that was never sent counts as failed. */
function count({ lateMs, serviceMs, failure }: LoadSample): void {
  if (failure !== null || lateMs === null || serviceMs === null) {
    failed += 1;
    firstFailure ??= failure;
    return;
  }
  service.record(serviceMs);
  response.record(lateMs + serviceMs);
}
