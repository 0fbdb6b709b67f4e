import { z } from 'zod';
import { parseJson } from '../../core/parseJson.ts';
import { runTool } from '../process/runTool.ts';
import {
  type ClosedLoad,
  type InstalledPeer,
  type OpenLoad,
  type Peer,
  type Ran,
  refuseFailures,
  type ToolReport,
  timeoutFor,
} from './peer.ts';

export const K6: Peer = {
  name: 'k6',
  install: 'go install go.k6.io/k6@latest',
  versionArgs: ['version'],
  versionIn: (said) => /^k6 v(\S+)/m.exec(said)?.[1] ?? null,
};

/** Its executor `constant-arrival-rate`, with all virtual users there from the start. A warm-up is a scenario of its own before it. */
export function k6Open(k6: InstalledPeer, load: OpenLoad): Promise<Ran> {
  const { ratePerSecond: rate, seconds, warmUpSeconds = 0, connections } = load;
  const scenario = (durationSeconds: number) => ({
    executor: 'constant-arrival-rate',
    rate,
    timeUnit: '1s',
    duration: `${durationSeconds}s`,
    preAllocatedVUs: connections,
    maxVUs: connections,
  });
  const measured = { ...scenario(seconds), startTime: `${warmUpSeconds}s` };
  return runK6(k6, load, {
    [MEASURED]: measured,
    ...(warmUpSeconds === 0 ? {} : { warmUp: scenario(warmUpSeconds) }),
  });
}

/** Its executor `constant-vus`. */
export function k6Closed(k6: InstalledPeer, load: ClosedLoad): Promise<Ran> {
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
): Promise<Ran> {
  const run = await runTool(file, ARGUMENTS, {
    stdin: scriptOf(load.url, scenarios),
    timeoutMs: timeoutFor(load),
  });
  return { report: readK6(run.stdout), run };
}

/** Without its control port, and without a word to anyone outside; the script comes on standard input. */
const ARGUMENTS = ['run', '--quiet', '--no-color', '--no-usage-report', '--address', '', '-'];

function scriptOf(url: string, scenarios: Record<string, object>): string {
  const options = {
    summaryTrendStats: ['p(50)', 'p(95)', 'p(99)'],
    scenarios,
    // Metrics of one scenario are in the summary only where a threshold asks for them; one that nothing fails.
    thresholds: Object.fromEntries(
      Object.values(OF_MEASURED).map((name) => [name, [THRESHOLDS[name] ?? 'count>=0']]),
    ),
  };
  return `import http from 'k6/http';
export const options = ${JSON.stringify(options)};
export default function () { http.get(${JSON.stringify(url)}); }
export function handleSummary(data) { return { stdout: JSON.stringify(data.metrics) }; }
`;
}

const OF_MEASURED = {
  requests: `http_reqs{scenario:${MEASURED}}`,
  failed: `http_req_failed{scenario:${MEASURED}}`,
  duration: `http_req_duration{scenario:${MEASURED}}`,
  dropped: `dropped_iterations{scenario:${MEASURED}}`,
} as const;

const THRESHOLDS: Record<string, string> = {
  [OF_MEASURED.failed]: 'rate>=0',
  [OF_MEASURED.duration]: 'max>=0',
};

const counter = z.object({ values: z.object({ count: z.number() }) });
const metrics = z.object({
  [OF_MEASURED.requests]: counter,
  [OF_MEASURED.failed]: z.object({ values: z.object({ passes: z.number() }) }),
  [OF_MEASURED.duration]: z.object({
    values: z.object({ 'p(50)': z.number(), 'p(95)': z.number(), 'p(99)': z.number() }),
  }),
  [OF_MEASURED.dropped]: counter,
});

/** Reads the metrics of k6's summary. @throws Error for what is none, or holds failed requests */
export function readK6(stdout: string): ToolReport {
  const read = metrics.safeParse(parseJson(stdout));
  if (!read.success) throw new Error(`k6's summary is not understood: ${stdout.slice(0, 120)}`);
  const of = read.data;
  // It is a rate of the requests that failed: those `pass`.
  const failed = of[OF_MEASURED.failed].values.passes;
  const requests = of[OF_MEASURED.requests].values.count - failed;
  refuseFailures(failed, requests);
  const { 'p(50)': p50, 'p(95)': p95, 'p(99)': p99 } = of[OF_MEASURED.duration].values;
  return {
    requests,
    quantilesMs: { p50, p95, p99 },
    dropped: of[OF_MEASURED.dropped].values.count,
  };
}
