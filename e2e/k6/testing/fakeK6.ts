import { createHash } from 'node:crypto';
import { registerHooks } from 'node:module';
import { mock } from 'node:test';
import { type K6Config, writeK6Script } from '../config.ts';
import type { K6File } from '../readResults.ts';

export const TENANTS = ['acme-corp-001', 'techstart-inc-002', 'tenant-1', 'tenant-2', 'tenant-3'];
export const STARTED_AT_MS = 1_800_000_000_000;

type Point = { metric: string; value: number; tags: Record<string, string> };
type Script = typeof import('../script.js');
type Reply = { status: number; body: string; tookMs: number };
export type Asked = { path: string; tenant: string; sinceStartMs: number };

/** What the modules of k6, for which there are stubs below, do in a test. */
const k6 = {
  nowMs: STARTED_AT_MS,
  points: [] as Point[],
  exec: {} as object,
  reply: (_asked: Asked): Reply => ({ status: 500, body: '', tookMs: 1 }),
  sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
  post(url: string, _body: string, { headers }: { headers: Record<string, string> }) {
    const tenant = String(headers.authorization).replace('Bearer token-of-', '');
    const sinceStartMs = k6.nowMs - STARTED_AT_MS;
    const asked = { path: new URL(url).pathname, tenant, sinceStartMs };
    const { status, body, tookMs } = k6.reply(asked);
    k6.nowMs += tookMs;
    const timings = { blocked: 0, connecting: 0, duration: tookMs };
    return { status, body, error_code: status === 200 ? 0 : 1000 + status, timings };
  },
};
const METRIC = `class {
  constructor(name) { this.name = name; }
  add(value, tags = {}) { k6.points.push({ metric: this.name, value: Number(value), tags }); }
}`;
const STUBS: Record<string, string> = {
  k6: 'export const sleep = (seconds) => { k6.nowMs += seconds * 1000; };',
  'k6/crypto': 'export default { sha256: k6.sha256 };',
  'k6/execution': 'export default k6.exec;',
  'k6/http': 'export default { post: k6.post };',
  'k6/metrics': `const Metric = ${METRIC}; export { Metric as Counter, Metric as Rate, Metric as Trend };`,
};

Object.assign(globalThis, {
  k6,
  __ENV: {
    SALESTALK_API_URL: 'http://127.0.0.1:8000/',
    SALESTALK_TOKENS: TENANTS.map((tenant) => `${tenant}=token-of-${tenant}`).join(','),
  },
});
registerHooks({
  resolve: (specifier, context, next) => {
    const stub = STUBS[specifier];
    if (stub === undefined) return next(specifier, context);
    return { url: `data:text/javascript,${encodeURIComponent(stub)}`, shortCircuit: true };
  },
});

/** The script of a load, as `npm run load:k6` writes it. */
export function importScript(config: K6Config): Promise<Script> {
  return import(`data:text/javascript,${encodeURIComponent(writeK6Script(config))}`);
}

type Instance = {
  index?: number;
  of?: number;
  isDropped?: (index: number) => boolean;
  startedAtMs?: number;
};

/** Runs a part of an open load at 60/s as k6 does, in no time, and returns the file that k6 would write. */
export function runInstance(
  { CONFIG, options, teardown, default: iterate }: Script,
  reply: (asked: Asked) => Reply,
  { index = 1, of = 1, isDropped = () => false, startedAtMs = STARTED_AT_MS }: Instance = {},
): K6File {
  const now = mock.method(Date, 'now', () => Math.floor(k6.nowMs));
  const segment = of === 1 ? {} : { executionSegment: `${index - 1}/${of}:${index}/${of}` };
  const lines = ['{"metric":"vus","type":"Metric","data":{"name":"vus","type":"gauge"}}'];
  const write = (point: Point): void => {
    const tags = { ...options.tags, scenario: CONFIG.load, ...point.tags };
    const data = { time: new Date(k6.nowMs).toISOString(), value: point.value, tags };
    lines.push(JSON.stringify({ metric: point.metric, type: 'Point', data }));
  };
  k6.reply = reply;
  for (let at = index - 1; at < CONFIG.seconds * 60; at += of) {
    k6.nowMs = startedAtMs + (at * 1000) / 60;
    k6.points = [];
    if (isDropped(at)) {
      write({ metric: 'dropped_iterations', value: 1, tags: {} });
      continue;
    }
    Object.assign(k6.exec, {
      scenario: { iterationInTest: at, startTime: startedAtMs },
      test: { options: segment, abort: assertNever },
    });
    iterate();
    k6.points.forEach(write);
  }
  k6.nowMs = startedAtMs + CONFIG.seconds * 1000 + 500;
  k6.points = [];
  teardown();
  k6.points.forEach(write);
  now.mock.restore();
  return { name: `${index}.json`, lines };
}

function assertNever(message: string): never {
  throw new Error(`aborted: ${message}`);
}
