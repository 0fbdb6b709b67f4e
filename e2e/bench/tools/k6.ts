import { z } from 'zod';
import { parseJson } from '../../core/readJson.ts';
import type { Load, Peer } from './tool.ts';

/** Runs without its control port and its usage report, and reads the script from standard input. */
export const k6: Peer = {
  name: 'k6',
  install: 'go install go.k6.io/k6@latest',
  versionArgs: ['version'],
  versionPattern: /^k6 v(\S+)/m,
  command: (load) => ({
    args: ['run', '--quiet', '--no-color', '--no-usage-report', '--address', '', '-'],
    stdin: writeScript(load),
  }),
  read(stdout) {
    const read = metrics.safeParse(parseJson(stdout));
    if (!read.success) return null;
    // This metric is the rate of failed requests, which k6 calls passes.
    const failed = read.data['http_req_failed{scenario:measured}'].values.passes;
    const duration = read.data['http_req_duration{scenario:measured}'].values;
    const { 'p(50)': p50, 'p(95)': p95, 'p(99)': p99 } = duration;
    return {
      requests: read.data['http_reqs{scenario:measured}'].values.count - failed,
      failed,
      dropped: read.data['dropped_iterations{scenario:measured}'].values.count,
      quantilesMs: { http_req_duration: { p50, p95, p99 } },
    };
  },
};

function writeScript(load: Load): string {
  const options = {
    summaryTrendStats: ['p(50)', 'p(95)', 'p(99)'],
    scenarios: createScenarios(load),
    thresholds: THRESHOLDS,
  };
  return `import http from 'k6/http';
export const options = ${JSON.stringify(options)};
export default function () { http.get(${JSON.stringify(load.url)}); }
export function handleSummary(data) { return { stdout: JSON.stringify(data.metrics) }; }
`;
}

/** All virtual users are allocated in advance. A warm-up is a scenario of its own before the measured one. */
function createScenarios(load: Load): Record<string, object> {
  if ('users' in load) {
    const { users: vus, seconds } = load;
    return { measured: { executor: 'constant-vus', vus, duration: `${seconds}s` } };
  }
  const { ratePerSecond: rate, seconds, warmUpSeconds = 0, connections } = load;
  const scenario = (durationSeconds: number) => ({
    executor: 'constant-arrival-rate',
    rate,
    timeUnit: '1s',
    duration: `${durationSeconds}s`,
    preAllocatedVUs: connections,
    maxVUs: connections,
  });
  return {
    measured: { ...scenario(seconds), startTime: `${warmUpSeconds}s` },
    ...(warmUpSeconds === 0 ? {} : { warmUp: scenario(warmUpSeconds) }),
  };
}

/** The summary has metrics of a single scenario only if a threshold names them. These thresholds are always met. */
const THRESHOLDS = {
  'http_reqs{scenario:measured}': ['count>=0'],
  'http_req_failed{scenario:measured}': ['rate>=0'],
  'http_req_duration{scenario:measured}': ['max>=0'],
  'dropped_iterations{scenario:measured}': ['count>=0'],
};

const number = z.number();
const counter = z.object({ values: z.object({ count: number }) });
const metrics = z.object({
  'http_reqs{scenario:measured}': counter,
  'http_req_failed{scenario:measured}': z.object({ values: z.object({ passes: number }) }),
  'http_req_duration{scenario:measured}': z.object({
    values: z.object({ 'p(50)': number, 'p(95)': number, 'p(99)': number }),
  }),
  'dropped_iterations{scenario:measured}': counter,
});
