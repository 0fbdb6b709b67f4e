import {
  appendFileSync,
  mkdirSync,
  mkdtempDisposableSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../commands/tools.ts';
import { type EncodableRequest, encodeLoadLine, type LoadLine } from '../core/record/loadLine.ts';
import {
  RECORD_VERSION,
  type RecordLine,
  type RunLine,
  type Shard,
} from '../core/record/recordLine.ts';
import { normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { launchBrowser } from '../probes/testing/launchBrowser.ts';
import { loadBudget, resolveBudget } from '../setup/loadBudget.ts';
import { type Benchmark, type Contender, type Goal, interleave, type Turns } from './benchmark.ts';
import type { Reading } from './summarize.ts';
import {
  collectValues,
  computeSpread,
  type Figure,
  formatCells,
  formatNumber,
  judgeGoal,
} from './table.ts';
import { scriptArgs } from './tools/ownTools.ts';
import { runProgram } from './tools/tool.ts';

const REQUESTS = 1_000_000;
const WORKLOAD = 'sustained';
const TIMEOUT_MS = 600_000;
const SHARDS = 10;
const PAGE = 'index.html';
const PAINT_GOAL = { file: `the first paint of ${PAGE}`, most: 1_000 };
const MERGE_GOAL = { mostCpuSeconds: 60, mostMb: 500 };

/** What is written one after the other, with its goals for the process until then. */
const OUTPUTS = [
  { output: 'summary', file: 'summary.json', mostSeconds: 5, mostMb: 300 },
  { output: 'page', file: PAGE, mostSeconds: 10, mostMb: 400 },
] as const;

type Output = (typeof OUTPUTS)[number]['output'];

const seconds =
  (output: Output): Figure<Reading> =>
  (result) =>
    result[output].seconds;
const peakMb =
  (output: Output): Figure<Reading> =>
  (result) =>
    result[output].peakBytes / 1e6;
const recordMb: Figure<Reading> = ({ recordBytes }) => recordBytes / 1e6;
const paintMs: Figure<number> = (ms) => ms;
const MERGED = `the report of ${SHARDS} shards`;

/** Of the command and the process that starts it. CPU seconds are null if the system does not report them. */
type MergeReading = { cpuSeconds: number | null; peakBytes: number };
const cpuSeconds: Figure<MergeReading> = (result) => result.cpuSeconds;
const mergeMb: Figure<MergeReading> = ({ peakBytes }) => peakBytes / 1e6;

/** From the record of a million requests to its finished summary and page. */
export const report: Benchmark = async (context) => {
  using folder = mkdtempDisposableSync(path.join(tmpdir(), 'bench-report-'));
  const turns = await interleave([createContender(folder.path)], context);
  const page = path.join(folder.path, PAGE);
  const paint = { name: `${PAGE} in Chromium`, turn: () => measureFirstPaint(page) };
  const paints = await interleave([paint], context);
  using shards = mkdtempDisposableSync(path.join(tmpdir(), 'bench-shards-'));
  const merges = await interleave([createMergeContender(shards.path)], context);
  const first = turns[0]?.results.find((result) => result !== null);
  const judged = (first?.judged ?? []).map(({ id, verdict }) => `${id} (${verdict})`).join(', ');
  return {
    title: 'report: one million measurements to a finished report',
    tables: [
      {
        head: ['record', 'seconds', 'peak memory, MB', 'record on disk, MB'],
        rows: turns.flatMap((one) =>
          OUTPUTS.map(({ output, file }) => [
            `${one.name}, until ${file}`,
            ...formatCells(one, [seconds(output), peakMb(output), recordMb], [2, 0, 0]),
          ]),
        ),
      },
      {
        head: ['page', 'first contentful paint, ms'],
        rows: paints.map((one) => [one.name, ...formatCells(one, [paintMs], [0])]),
      },
      {
        head: ['records', 'CPU seconds', 'peak memory, MB'],
        rows: merges.map((one) => [one.name, ...formatCells(one, [cpuSeconds, mergeMb], [1, 0])]),
      },
    ],
    goals: [
      ...turns.flatMap((one) =>
        OUTPUTS.flatMap(({ output, file, mostSeconds, mostMb }) => [
          judgeWorst(one, seconds(output), { file, most: mostSeconds, unit: 's', digits: 2 }),
          judgeWorst(one, peakMb(output), { file, most: mostMb, unit: 'MB', digits: 0 }),
        ]),
      ),
      ...paints.map((one) => judgeWorst(one, paintMs, { ...PAINT_GOAL, unit: 'ms', digits: 0 })),
      ...merges.flatMap((one) => [
        judgeWorst(one, cpuSeconds, {
          file: MERGED,
          most: MERGE_GOAL.mostCpuSeconds,
          unit: 's of CPU time',
          digits: 1,
        }),
        judgeWorst(one, mergeMb, { file: MERGED, most: MERGE_GOAL.mostMb, unit: 'MB', digits: 0 }),
      ]),
    ],
    notes: [
      `A process of its own, from its start to summary.json, and then to index.html, on disk: reads the record, checks each line, judges ${judged}. Peak memory is the most that the process held (maxRSS).`,
      'The shards of one load are merged, judged and reported by `npm run report -- <folders>`. CPU time is that of all its processes, peak memory that of the one that held most.',
    ],
  };
};

/** From the start of the navigation, of a browser that has shown nothing yet. */
async function measureFirstPaint(file: string): Promise<number> {
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  return await page.evaluate(async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const observer = new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntriesByName('first-contentful-paint'))
        resolve(startTime);
    });
    observer.observe({ type: 'paint', buffered: true });
    return await promise;
  });
}

function judgeWorst<T>(
  turns: Turns<T>,
  figure: Figure<T>,
  goal: { file: string; most: number; unit: string; digits: number },
): Goal {
  const { file, most, unit, digits } = goal;
  return judgeGoal(
    `${file} with at most ${most} ${unit}`,
    [turns],
    computeSpread(collectValues(turns, figure)),
    (spread) => ({
      isReached: spread.most <= most,
      found: `${formatNumber(spread.most, digits)} ${unit}`,
    }),
  );
}

function createContender(folder: string): Contender<Reading> {
  const header = createHeader('local');
  const recordFile = path.join(folder, 'measurements.ndjson');
  writeLoadRecord(recordFile, { header, workload: WORKLOAD, requests: REQUESTS, seed: 1 });
  const state = { id: header.id, reportDir: folder, recordFile, header };
  const selected = header.objectives
    .filter(({ workload }) => workload === WORKLOAD)
    .map(({ id }) => id);
  const args = scriptArgs('summarize.ts', { state, selected });
  return {
    name: `${REQUESTS.toLocaleString('en-US')} requests of a load`,
    turn: async () => {
      const { stdout } = await runProgram(process.execPath, { args, timeoutMs: TIMEOUT_MS });
      const read: Reading = JSON.parse(stdout);
      // Some objectives judge seconds, not requests.
      const mostJudged = Math.max(...read.judged.map(({ n }) => n));
      if (mostJudged < REQUESTS * 0.99) throw new Error(`only ${mostJudged} requests were judged`);
      return read;
    },
  };
}

function createMergeContender(folder: string): Contender<MergeReading> {
  const folders = Array.from({ length: SHARDS }, (_, at) => {
    const shard = { index: at + 1, of: SHARDS };
    const own = path.join(folder, String(shard.index));
    mkdirSync(own);
    writeLoadRecord(path.join(own, 'measurements.ndjson'), {
      header: createHeader('local', shard),
      ...{ workload: WORKLOAD, requests: REQUESTS, seed: shard.index },
    });
    return own;
  });
  return {
    name: `${SHARDS} shards of ${REQUESTS.toLocaleString('en-US')} requests each`,
    turn: async (round) => {
      const out = path.join(folder, `out-${round}`);
      const peaks = mkdtempSync(path.join(folder, 'peaks-'));
      const { cpuSeconds } = await runProgram(process.execPath, {
        args: [path.join(ROOT, 'e2e/commands/bootstrap.mjs'), 'report', ...folders, '--out', out],
        variables: {
          NODE_OPTIONS: `--import=${new URL('tools/writePeakMemory.mjs', import.meta.url)}`,
          BENCH_PEAKS: peaks,
          PERF_HISTORY: path.join(folder, 'history'),
        },
        timeoutMs: TIMEOUT_MS,
      });
      const { objectives }: Pick<Summary, 'objectives'> = JSON.parse(
        readFileSync(path.join(out, 'summary.json'), 'utf8'),
      );
      const n = Math.max(...objectives.map((one) => one.n));
      if (n < SHARDS * REQUESTS * 0.99) throw new Error(`only ${n} requests were judged`);
      const bytes = readdirSync(peaks).map((pid) => readFileSync(path.join(peaks, pid), 'utf8'));
      if (bytes.length === 0) throw new Error('no process wrote how much memory it held');
      return { cpuSeconds, peakBytes: Math.max(...bytes.map(Number)) };
    },
  };
}

/** The first line of a record of a run on this target, with all objectives of its budget. @throws HarnessError BUDGET_INVALID */
export function createHeader(target: string, shard?: Pick<Shard, 'index' | 'of'>): RunLine {
  const startedAt = '2027-01-15T08:00:00.000Z';
  const start = { startAtMs: Date.parse(startedAt), clockOffsetMs: 0 };
  return {
    type: 'run',
    schemaVersion: RECORD_VERSION,
    id: 'bench',
    startedAt,
    ...(shard && { shard: { ...shard, loads: [WORKLOAD], seed: 1, ...start } }),
    commit: null,
    target,
    environment: {},
    ...resolveBudget(loadBudget(target)),
  };
}

/** A real load writes a line with the requests that ended since the last one. */
const REQUESTS_PER_LINE = 250;
const RATE_PER_SECOND = 200;
const SCOPE = '5f3a9c1e';
const TENANTS = 5;
const FAILED_SHARE = 0.0002;

/** Writes the record of a load with times as varied as those of a real one, so that it takes as long to judge. The seed decides the times. */
export function writeLoadRecord(
  file: string,
  options: { header: RunLine; workload: string; requests: number; seed: number },
): void {
  const { header, workload, requests, seed } = options;
  const { of } = header.shard ?? { of: 1 };
  const fromMs = Date.parse(header.startedAt);
  const durationMs = (requests / RATE_PER_SECOND) * 1000;
  const head = {
    workload,
    scope: SCOPE,
    step: { model: 'open', ratePerSecond: RATE_PER_SECOND * of },
    warmUp: false,
    fromMs,
  } satisfies Partial<LoadLine>;
  const workloadLine = (state: 'started' | 'complete', atMs: number): RecordLine => ({
    type: 'workload',
    workload,
    scope: SCOPE,
    state,
    atMs,
    planned: { [workload]: requests * of },
    modelCallsMatched: true,
  });
  writeFileSync(file, formatLines(header, workloadLine('started', fromMs)));
  const next = createRequests(seed, header);
  for (let index = 0; index < requests; index += REQUESTS_PER_LINE) {
    const length = Math.min(REQUESTS_PER_LINE, requests - index);
    const ended = Array.from({ length }, (_, at) => next(index + at));
    appendFileSync(file, formatLines(encodeLoadLine(head, ended)));
  }
  const harness: RecordLine = {
    type: 'harness',
    workload,
    durationMs,
    lateP50Ms: 0.5,
    lateP99Ms: 1,
    cpuShare: 0.2,
    stolenShare: 0,
    stallMs: 0,
    ownStallMs: 0,
    eventLoopDelayP99Ms: 1,
    modelLateP99Ms: 1,
  };
  appendFileSync(file, formatLines(harness, workloadLine('complete', fromMs + durationMs)));
}

function formatLines(...lines: RecordLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function createRequests(
  seed: number,
  {
    startedAt,
    shard = { index: 1, of: 1 },
  }: Pick<RunLine, 'startedAt'> & { shard?: Pick<Shard, 'index' | 'of'> | undefined },
): (at: number) => EncodableRequest {
  const draw = seededDraw(seed);
  const normal = normalDraw(draw);
  const fromMs = Date.parse(startedAt);
  return (at) => {
    const index = at * shard.of + shard.index - 1;
    const dueMs = (index * 1000) / (RATE_PER_SECOND * shard.of);
    const modelMs = 250 * Math.exp(0.2 * normal());
    return {
      id: `${SCOPE}-${index}`,
      index,
      dueMs,
      dueAtMs: fromMs + dueMs,
      lateMs: draw(),
      serviceMs: modelMs + 5 + 5 * draw(),
      modelMs,
      operation: draw() < 0.5 ? 'classify' : 'chat',
      tenant: `tenant-${Math.floor(draw() * TENANTS)}`,
      failure: draw() < FAILED_SHARE ? 'status 500' : null,
      isolated: true,
      connectionReused: true,
    };
  };
}
