import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadSchema } from '../../core/budget/loadSchema.ts';
import type { Objective } from '../../core/budget/objective.ts';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import { runOf } from '../../core/testing/recordOf.ts';
import { type Summary, summarySchema } from '../../core/verdict/runSummary.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { LOAD_OPERATIONS } from '../../salestalk/operations.ts';
import { fakeAiMock } from '../../testing/fakeAiMock.ts';
import { fakeSalesTalk } from '../../testing/fakeSalesTalk.ts';
import { runContextOf } from '../../testing/runContextOf.ts';
import { temporaryFolder } from '../../testing/temporaryFolder.ts';

const OFFER = fileURLToPath(new URL('testing/offerLoad.ts', import.meta.url));
const REPORT = fileURLToPath(new URL('../../commands/report.ts', import.meta.url));

const ofLoad = (objective: Objective, id: string, parts: Partial<Objective> = {}): Objective => ({
  ...objective,
  ...{ id: `sustained.${id}`, workload: 'sustained', operation: 'sustained', spans: true },
  ...parts,
});
/** A tenth of it is how late the harness may send, so that a busy machine disturbs the verdict less. */
const MOST_SILENT_MS = 4_000;
const OBJECTIVES = [
  ofLoad(latencyP95, 'latency.p95'),
  ofLoad(latencyP95, 'ownTime.p95', { metric: METRICS.ownTime }),
  ofLoad(availability, 'availability', { objective: 0.9, allowedShare: 0.1, sampleBudget: 60 }),
  ofLoad(availability, 'isolation', {
    ...{ metric: METRICS.isolation, objective: 0, allowedShare: 0, sampleBudget: 100 },
  }),
  ofLoad(latencyP95, 'stall', {
    ...{ metric: METRICS.stall, objective: MOST_SILENT_MS, sampleBudget: 3 },
    ...{ quantile: null, allowedShare: 0 },
  }),
];
const LOAD = loadSchema(LOAD_OPERATIONS).parse({
  scenarios: [{ operations: { classify: 1, chat: 1 } }],
  arrivals: { model: 'poisson', rate: 60 },
  durationSeconds: 6,
  warmUpSeconds: 0.5,
});

type Offered = { status: number | null; output: string };

async function runProgram(script: string, args: string[]): Promise<Offered> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status, output: output + errors };
}

type Shards = {
  of: number;
  stallsForMs?: number;
  seconds?: number;
  marginMs?: number;
  triesLeft?: number;
};

/** With these reasons a busy machine makes any verdict inconclusive, however clear it is. Then the load is offered again. */
const INTERFERENCE = /not offered as scheduled|the harness stalled|sent late|used \d+ % of a core/;

/** Offers a load from several processes that start together, then merges and judges their records. */
async function judgeShards(shards: Shards): Promise<Summary> {
  const { of, stallsForMs = 0, seconds = 6, marginMs = 6_000, triesLeft = 3 } = shards;
  const startAtMs = Date.now() + marginMs;
  using folder = temporaryFolder();
  await using aiMock = await fakeAiMock();
  await using salestalk = await fakeSalesTalk({
    aiMock,
    // In the middle of the load it answers nothing for a while.
    instead: async () => {
      const atMs = Date.now() - startAtMs - 3_000;
      if (atMs > 0 && atMs < stallsForMs) await sleep(stallsForMs - atMs);
      return false;
    },
  });
  const folders = Array.from({ length: of }, (_, at) => path.join(folder.path, `shard-${at + 1}`));
  const offered = await Promise.all(
    folders.map((reportDir, at) => {
      const shard = { index: at + 1, of, seed: 1, startAtMs, clockOffsetMs: 0 };
      const run = runContextOf({
        reportDir,
        recordFile: path.join(reportDir, 'measurements.ndjson'),
        header: { ...runOf(OBJECTIVES), shard: { ...shard, loads: ['sustained'] } },
      });
      const { ceilings } = run.target;
      Object.assign(run.target, {
        apiUrl: salestalk.url,
        aiMockControlUrl: aiMock.url,
        loads: { sustained: { ...LOAD, durationSeconds: seconds } },
        ceilings: { ...ceilings, requestsPerSecond: 100 },
      });
      return runProgram(OFFER, [JSON.stringify(run)]);
    }),
  );
  // The processes of a busy machine start late.
  if (offered.some(({ output }) => output.includes('begun without this one')) && marginMs < 60_000)
    return judgeShards({ ...shards, marginMs: marginMs * 3 });
  for (const { status, output } of offered) assert.equal(status, 0, output);
  const out = path.join(folder.path, 'report');
  const { output } = await runProgram(REPORT, [...folders, '--out', out]);
  const file = path.join(out, 'summary.json');
  assert.ok(existsSync(file), output);
  const summary = summarySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const isDisturbed = summary.objectives.some(
    ({ verdict, reason }) => verdict === 'inconclusive' && INTERFERENCE.test(reason),
  );
  if (isDisturbed && triesLeft > 0) return judgeShards({ ...shards, triesLeft: triesLeft - 1 });
  return summary;
}

/** What was counted does not depend on the machine, apart from the seconds of stalls. */
const countsOf = ({ objectives }: Summary) =>
  objectives
    .filter(({ id }) => id !== 'sustained.stall')
    .map(({ id, n, setAside, failed }) => ({ id, events: n + setAside, failed }));

const verdictsOf = ({ verdict, objectives }: Summary) => ({
  run: verdict,
  ...Object.fromEntries(objectives.map((one) => [one.id, one.verdict])),
});

test('three shards give the counts and the verdicts of one machine', async () => {
  const one = await judgeShards({ of: 1 });
  const three = await judgeShards({ of: 3 });
  assert.deepEqual(verdictsOf(three), verdictsOf(one));
  assert.deepEqual(countsOf(three), countsOf(one));
  assert.equal(three.verdict, 'pass', JSON.stringify(three.objectives, null, 1));
  assert.ok((countsOf(three)[0]?.events ?? 0) > 250);
});

test('a SalesTalk that stalls is found through three shards as through one machine', async () => {
  for (const machines of [1, 3]) {
    const stallsForMs = MOST_SILENT_MS + 1_000;
    const summary = await judgeShards({ of: machines, stallsForMs, seconds: 12 });
    const stall = summary.objectives.find(({ id }) => id === 'sustained.stall');
    assert.deepEqual([summary.verdict, stall?.verdict], ['fail', 'fail'], `${stall?.reason}`);
  }
});
