import { z } from 'zod';
import { parseJson } from '../../core/parseJson.ts';
import { runTool, type ToolRun } from '../process/runTool.ts';
import {
  type ClosedLoad,
  type InstalledPeer,
  type OpenLoad,
  type Peer,
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

type Ran = { report: ToolReport; run: ToolRun };

/** Its executor `constant-arrival-rate`, with all virtual users there from the start. */
export function k6Open(k6: InstalledPeer, load: OpenLoad): Promise<Ran> {
  return runK6(k6, load, {
    executor: 'constant-arrival-rate',
    rate: load.ratePerSecond,
    timeUnit: '1s',
    duration: `${load.seconds}s`,
    preAllocatedVUs: load.connections,
    maxVUs: load.connections,
  });
}

/** Its executor `constant-vus`. */
export function k6Closed(k6: InstalledPeer, load: ClosedLoad): Promise<Ran> {
  return runK6(k6, load, {
    executor: 'constant-vus',
    vus: load.users,
    duration: `${load.seconds}s`,
  });
}

async function runK6(
  { file }: InstalledPeer,
  load: { url: string; seconds: number },
  scenario: object,
): Promise<Ran> {
  const run = await runTool(file, ARGUMENTS, {
    stdin: scriptOf(load.url, scenario),
    timeoutMs: timeoutFor(load),
  });
  return { report: readK6(run.stdout), run };
}

/** Without its control port, and without a word to anyone outside; the script comes on standard input. */
const ARGUMENTS = ['run', '--quiet', '--no-color', '--no-usage-report', '--address', '', '-'];

function scriptOf(url: string, scenario: object): string {
  const options = {
    summaryTrendStats: ['p(50)', 'p(95)', 'p(99)'],
    scenarios: { load: scenario },
  };
  return `import http from 'k6/http';
export const options = ${JSON.stringify(options)};
export default function () { http.get(${JSON.stringify(url)}); }
export function handleSummary(data) { return { stdout: JSON.stringify(data.metrics) }; }
`;
}

const counter = z.object({ values: z.object({ count: z.number() }) });
const metrics = z.object({
  http_reqs: counter,
  http_req_failed: z.object({ values: z.object({ passes: z.number() }) }),
  http_req_duration: z.object({
    values: z.object({ 'p(50)': z.number(), 'p(95)': z.number(), 'p(99)': z.number() }),
  }),
  /** Absent where there were none. */
  dropped_iterations: counter.optional(),
});

/** Reads the metrics of k6's summary. @throws Error for what is none, or holds failed requests */
export function readK6(stdout: string): ToolReport {
  const read = metrics.safeParse(parseJson(stdout));
  if (!read.success) throw new Error(`k6's summary is not understood: ${stdout.slice(0, 120)}`);
  const { http_reqs, http_req_failed, http_req_duration, dropped_iterations } = read.data;
  // `http_req_failed` is a rate of the requests that did.
  const failed = http_req_failed.values.passes;
  const requests = http_reqs.values.count - failed;
  refuseFailures(failed, requests);
  const { 'p(50)': p50, 'p(95)': p95, 'p(99)': p99 } = http_req_duration.values;
  return {
    requests,
    quantilesMs: { p50, p95, p99 },
    dropped: dropped_iterations === undefined ? 0 : dropped_iterations.values.count,
  };
}
