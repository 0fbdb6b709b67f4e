import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Objective } from '../../../core/budget/objective.ts';
import type { RunRecord } from '../../../core/record/runRecord.ts';
import { FEWEST_WARM_UP_ITERATIONS } from '../../../core/statistics/growth.ts';
import { failedWith, loadLineOf, processLineOf, tableOf } from '../../../core/testing/loadOf.ts';
import { availability, latencyP95 } from '../../../core/testing/objectives.ts';
import {
  auditOf,
  harnessOf,
  memoryOf,
  modelCallOf,
  noopOf,
  recordOf,
  requestOf,
  STARTED_AT_MS,
  stallOf,
} from '../../../core/testing/recordOf.ts';
import { nightOf } from '../../../history/testing/nightOf.ts';
import { findTrends } from '../../../history/trends.ts';
import { METRICS } from '../../../metrics/metrics.ts';
import { heapGrowth } from '../../charts/testing/faultObjectives.ts';
import { latencies } from '../../charts/testing/judged.ts';
import { NO_HISTORY, type RunHistory } from '../../runHistory.ts';
import { recordRetries } from '../../testing/recordRetries.ts';
import { summaryOf } from '../../testing/summaryOf.ts';
import { reportPage } from '../page.ts';

const CLASSIFY = { ...latencyP95, workload: 'baseline' };
/** What the medians of classify are compared with. */
const REGRESSION: Objective = {
  ...CLASSIFY,
  id: 'classify.latencyRegression',
  metric: METRICS.latencyRegression,
  unit: '×',
  objective: 1.1,
  quantile: null,
  baseline: {
    unit: 'ms',
    sets: [{ name: 'baseline', until: '2026-01-06', values: [296, 301, 303, 299, 308] }],
  },
};
const SUSTAINED = {
  ...latencyP95,
  id: 'sustained.latency.p95',
  operation: 'sustained',
  workload: 'sustained',
  spans: true,
  objective: 60,
};

const LIGHTHOUSE: Objective = {
  ...latencyP95,
  id: 'lighthouse.lcp.p50',
  operation: 'lighthouse',
  workload: 'lighthouse',
  metric: METRICS.lcp,
  quantile: 0.5,
  allowedShare: 0.5,
};

/**
 * A run with all that a page shows: a latency that passes, an availability that is inconclusive, a load whose P95 is missed, memory, a known
 * gap, a failure, a stall of the harness. `text` stands wherever a target or a budget can put a text of its own.
 */
export function madeRecord(text: string): RunRecord {
  const retries = recordRetries([10, 110, 210]);
  const took = latencies(80);
  const requests = took.map((latencyMs, index) =>
    requestOf(index, {
      tenant: `tenant ${text}`,
      requestId: text,
      values: { latencyMs, endedMs: latencyMs },
      ...(index === 40 ? { status: 500, failure: text, objection: text } : {}),
    }),
  );
  const calls = took.map((latencyMs, index) =>
    modelCallOf(index, {
      kind: text,
      arrivedAtMs: STARTED_AT_MS + index * 100 + 4,
      durationMs: latencyMs - 12,
      endedMs: latencyMs - 12,
    }),
  );
  const scope = '00000001';
  const faults = retries.requests.map((line) => ({ ...line, scope, id: `${scope}-${line.index}` }));
  // The first request is not tried again, which the known gap admits.
  const retriedCalls = retries.modelCalls
    .filter(({ index, attempt }) => index > 0 || attempt === 1)
    .map((call) => ({ ...call, scope }));
  const memory = Array.from({ length: FEWEST_WARM_UP_ITERATIONS + 12 }, (_, at) =>
    memoryOf(at, {
      ...{ scope: '00000002', id: `00000002-${at}`, operation: 'page.heap', workload: 'pageHeap' },
      warmUp: at < FEWEST_WARM_UP_ITERATIONS,
      values: { usedBytes: 4e6 + at * 400 + (at % 3) * 300 },
    }),
  );
  const audits = [410, 450, 430].map((lcpMs, at) =>
    auditOf(at, {
      ...{
        scope: '00000003',
        id: `00000003-${at}`,
        operation: 'lighthouse',
        workload: 'lighthouse',
      },
      report: `lighthouse/run-${at + 1}.html`,
      values: { scorePoints: 98, lcpMs, tbtMs: 12, layoutShift: 0.01 },
    }),
  );
  const load = Array.from({ length: 1200 }, (_, at) => ({
    tenant: `tenant ${text}`,
    serviceMs: 70 + (at % 7),
    modelMs: 50,
    ...(at % 100 === 50 ? failedWith(text) : {}),
  }));
  const record = recordOf(
    [
      CLASSIFY,
      REGRESSION,
      { ...CLASSIFY, id: 'classify.latency.p50', quantile: 0.5, allowedShare: 0.5 },
      { ...availability, id: `api.${text}`, operation: `api ${text}` },
      SUSTAINED,
      heapGrowth,
      LIGHTHOUSE,
      ...retries.run.objectives,
    ],
    {
      requests: [...requests, ...faults],
      samples: [...memory, ...audits],
      modelCalls: [...calls, ...retriedCalls],
      noops: [noopOf(0.4)],
      harness: [harnessOf({ workload: text })],
      disturbances: [stallOf({ fromMs: STARTED_AT_MS + 2000, durationMs: 10 })],
      loads: [tableOf(loadLineOf(load, { scope: '00000004' }))],
      processes: (['target', 'model', 'harness'] as const).map((process, at) =>
        processLineOf({
          ...{
            process,
            cpuShare: 0.6 - at * 0.2,
            atMs: STARTED_AT_MS + 12_000,
            durationMs: 12_000,
          },
        }),
      ),
    },
  );
  const gap = { id: 'retry-backoff', what: text, release: text, impact: text };
  Object.assign(record.run, { commit: text, target: text, environment: { [text]: text } });
  record.run.notMeasured = [{ id: 'page.lcp', reason: text }];
  record.run.knownGaps = [gap];
  return record;
}

/** The run of a record after twelve nights. In the last four of these a classify request took longer. */
function madeHistory(record: RunRecord, text: string): RunHistory {
  const summary = summaryOf(record);
  const objectives = summary.objectives.map((one) => {
    const { id, unit, objective, estimate, interval, n, bad, verdict } = one;
    return { id, unit, objective, estimate, interval, n, bad, verdict };
  });
  const wave = (night: number) => 1 + 0.02 * Math.sin(night * 5);
  const runs = Array.from({ length: 12 }, (_, night) => {
    const slower = night < 7 ? 1 : 1.3;
    return nightOf(night, {
      target: text,
      objectives: objectives.map((one) => ({
        ...one,
        estimate:
          one.estimate === null || one.unit === 'share'
            ? one.estimate
            : one.estimate * wave(night) * slower,
      })),
      figures: [
        { id: 'classify.latency', unit: 'ms', n: 80, median: 300 * wave(night) * slower },
        { id: 'sustained.latency', unit: 'ms', n: 1200, median: 72 * wave(night) },
      ],
      executions: [
        { test: text, outcome: 'passed' },
        { test: text, outcome: night === 3 ? 'failed' : 'passed' },
      ],
    });
  });
  return { runs, comparable: runs, trends: findTrends(runs), text: '' };
}

/** The page of the made run, after its history. @param reportDir with the reports of `writeAudits` */
export function madePage(text: string, reportDir: string | null = null): string {
  const record = madeRecord(text);
  return pageOf(record, madeHistory(record, text), reportDir);
}

/** A grey JPEG of 16 by 10 pixels, as long as a real one: decoders ignore what follows its end. */
const IMAGE = Buffer.concat([
  Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////2wBDAf//////////////////////////////////////////////////////////////////////////////////////wAARCAAKABADASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AAA//2Q==',
    'base64',
  ),
  Buffer.alloc(4_000),
]).toString('base64');

/** Writes what is read of Lighthouse's report of the median run. @param data of the second image */
export function writeAudits(reportDir: string, data = `data:image/jpeg;base64,${IMAGE}`): void {
  const items = [
    { timing: 375, data: `data:image/jpeg;base64,${IMAGE}` },
    { timing: 750, data },
  ];
  const result = { audits: { 'screenshot-thumbnails': { details: { items } } } };
  const json = JSON.stringify(result).replaceAll('<', '\\u003c');
  mkdirSync(path.join(reportDir, 'lighthouse'), { recursive: true });
  writeFileSync(
    path.join(reportDir, 'lighthouse/run-3.html'),
    `<script>window.__LIGHTHOUSE_JSON__ = ${json};</script>`,
  );
}

/** The page of a run with this record, of which all objectives are selected. */
export function pageOf(
  record: RunRecord,
  history = NO_HISTORY,
  reportDir: string | null = null,
): string {
  return reportPage({
    summary: summaryOf(record),
    record,
    history,
    reportDir,
    rerunOf: (id) => ({ target: 'local', command: `npx playwright test --grep "@${id}"` }),
    playwrightReport: 'playwright/index.html',
  });
}
