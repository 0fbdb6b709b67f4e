import { z } from 'zod';
import { parseJson } from '../../core/readJson.ts';
import {
  type ClosedLoad,
  type InstalledPeer,
  type MeasuredLoad,
  type OpenLoad,
  refuseFailures,
  type ToolReport,
  timeoutFor,
} from './peers.ts';
import { runTool } from './runTool.ts';

/** Its executor `constant-arrival-rate`, with all virtual users allocated beforehand. A warm-up is a scenario of its own before it. */
export function runK6Open(k6: InstalledPeer, load: OpenLoad): Promise<MeasuredLoad> {
  const { ratePerSecond: rate, seconds, warmUpSeconds = 0, connections } = load;
  const scenario = (durationSeconds: number) => ({
    executor: 'constant-arrival-rate',
    rate,
    timeUnit: '1s',
    duration: `${durationSeconds}s`,
    preAllocatedVUs: connections,
    maxVUs: connections,
  });
  return runK6(k6, load, {
    [MEASURED]: { ...scenario(seconds), startTime: `${warmUpSeconds}s` },
    ...(warmUpSeconds === 0 ? {} : { warmUp: scenario(warmUpSeconds) }),
  });
}

/** Its executor `constant-vus`. */
export function runK6Closed(k6: InstalledPeer, load: ClosedLoad): Promise<MeasuredLoad> {
  const { users: vus, seconds } = load;
  return runK6(k6, load, {
    [MEASURED]: { executor: 'constant-vus', vus, duration: `${seconds}s` },
  });
}

/** Name of the scenario that counts. */
const MEASURED = 'measured';

async function runK6(
  { file }: InstalledPeer,
  load: { url: string; seconds: number; warmUpSeconds?: number },
  scenarios: Record<string, object>,
): Promise<MeasuredLoad> {
  const run = await runTool(file, ARGUMENTS, {
    stdin: scriptOf(load.url, scenarios),
    timeoutMs: timeoutFor(load),
  });
  return { report: readK6(run.stdout), run };
}

/** Without its control port and its usage report; the script comes on standard input. */
const ARGUMENTS = ['run', '--quiet', '--no-color', '--no-usage-report', '--address', '', '-'];

function scriptOf(url: string, scenarios: Record<string, object>): string {
  const options = {
    summaryTrendStats: ['p(50)', 'p(95)', 'p(99)'],
    scenarios,
    // The summary holds metrics of one scenario only where a threshold names them; these thresholds always hold.
    thresholds: Object.fromEntries(
      Object.values(METRICS).map(({ name, threshold }) => [name, [threshold]]),
    ),
  };
  return `import http from 'k6/http';
export const options = ${JSON.stringify(options)};
export default function () { http.get(${JSON.stringify(url)}); }
export function handleSummary(data) { return { stdout: JSON.stringify(data.metrics) }; }
`;
}

const METRICS = {
  requests: { name: `http_reqs{scenario:${MEASURED}}`, threshold: 'count>=0' },
  failed: { name: `http_req_failed{scenario:${MEASURED}}`, threshold: 'rate>=0' },
  duration: { name: `http_req_duration{scenario:${MEASURED}}`, threshold: 'max>=0' },
  dropped: { name: `dropped_iterations{scenario:${MEASURED}}`, threshold: 'count>=0' },
} as const;

const counter = z.object({ values: z.object({ count: z.number() }) });
const metrics = z.object({
  [METRICS.requests.name]: counter,
  [METRICS.failed.name]: z.object({ values: z.object({ passes: z.number() }) }),
  [METRICS.duration.name]: z.object({
    values: z.object({ 'p(50)': z.number(), 'p(95)': z.number(), 'p(99)': z.number() }),
  }),
  [METRICS.dropped.name]: counter,
});

/** Reads the metrics of k6's summary. @throws Error for another output, or for failed requests */
export function readK6(stdout: string): ToolReport {
  const read = metrics.safeParse(parseJson(stdout));
  if (!read.success) throw new Error(`k6's summary is not understood: ${stdout.slice(0, 120)}`);
  // A rate of the requests that failed: those `pass`.
  const failed = read.data[METRICS.failed.name].values.passes;
  const requests = read.data[METRICS.requests.name].values.count - failed;
  refuseFailures(failed, requests);
  const { 'p(50)': p50, 'p(95)': p95, 'p(99)': p99 } = read.data[METRICS.duration.name].values;
  const dropped = read.data[METRICS.dropped.name].values.count;
  return { requests, quantilesMs: { p50, p95, p99 }, dropped };
}
