import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { mergeShards } from '../core/record/mergeShards.ts';
import { parseRunRecord } from '../core/record/runRecord.ts';
import { fixedSampleTest } from '../core/statistics/binomial.ts';
import { expectedSampling } from '../core/statistics/sampleSize.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import { METRICS } from '../metrics/metrics.ts';
import type { CpuProfile } from '../probes/page/recordCpuProfile.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { clearSize, fixedSize, orderByIndex } from './clear.ts';
import { accountByPlace } from './cost.ts';
import { createHeader, writeLoadRecord } from './report.ts';
import { idealQuantileMs } from './stall.ts';
import { evenArrivals } from './tools/sending.ts';
import {
  judgeTruth,
  OUR_READING,
  type QuantileErrors,
  quantileErrors,
  type TruthRow,
} from './truth.ts';

const TRUTH_MS = 50;

/** A client whose quantiles are all off by these errors, in ms, one a round. */
function row(client: string, errorsMs: (number | null)[], errors: string[] = []): TruthRow {
  const results = errorsMs.map((ms): QuantileErrors | null => {
    if (ms === null) return null;
    const reported = TRUTH_MS + ms;
    return quantileErrors({ p50: reported, p95: reported, p99: reported }, [TRUTH_MS]);
  });
  return { delayName: 'constant, 50 ms', client, turns: { name: client, results, errors } };
}

function judged(...rows: TruthRow[]): (boolean | null)[] {
  return judgeTruth(rows).map(({ isReached }) => isReached);
}

test('the goals are reached if ours is near the truth and no peer is nearer by more than the spread', () => {
  const ours = row(OUR_READING, [0.4, 0.6, 0.5]);
  assert.deepEqual(judged(ours, row('k6', [0.35, 0.3, 0.4])), [true, true]);
  assert.deepEqual(judged(ours, row('k6', [0.1, 0.12, 0.11])), [true, false]);
  // An error of the other sign is no smaller.
  assert.deepEqual(judged(ours, row('k6', [-0.6, -0.6, -0.6])), [true, true]);
  assert.deepEqual(judged(row(OUR_READING, [1.4, 1.2, 0.9]), row('k6', [2, 2, 2])), [false, true]);
});

test('another way of timing of ours does not count as a peer', () => {
  const ours = [row(OUR_READING, [0.4, 0.6, 0.5]), row('ours, service time', [0, 0, 0])];
  assert.deepEqual(judged(...ours), [true, null]);
});

test('if ours failed, both goals are unknown', () => {
  const ours = row(OUR_READING, [0.1, null], ['it broke']);
  assert.deepEqual(judged(ours, row('k6', [2, 2])), [null, null]);
});

test('a single run has no spread, so the comparison with peers is unknown', () => {
  assert.deepEqual(judged(row(OUR_READING, [0.1]), row('k6', [0.3])), [true, null]);
});

test('without a measured peer, the comparison with peers is unknown', () => {
  const ours = row(OUR_READING, [0.4, 0.6, 0.5]);
  assert.deepEqual(judged(ours), [true, null]);
  assert.deepEqual(judged(ours, row('k6', [null, null, null], ['failed'])), [true, null]);
});

test('each reported quantile is compared with that of the log; one that is not reported is null', () => {
  const log = Array.from({ length: 100 }, (_, at) => 100 - at);
  assert.deepEqual(quantileErrors({ p50: 51, p95: null, p99: 98 }, log), {
    p50: { errorMs: 1, shareOfAllowance: 1 },
    p95: null,
    p99: { errorMs: -1, shareOfAllowance: 1 },
  });
});

test('the allowance is a millisecond or one percent, whichever is more', () => {
  const computeShare = (reportedMs: number, truthMs: number) =>
    quantileErrors({ p50: reportedMs, p95: null, p99: null }, [truthMs]).p50?.shareOfAllowance;
  assert.equal(computeShare(50.5, 50), 0.5);
  assert.equal(computeShare(49, 50), 1);
  assert.equal(computeShare(408, 400), 2);
});

const dueMs = (): Iterable<number> => evenArrivals(100, 60);

test('in a stall of 3 s in a minute, 300 of 6,000 requests wait, 60 of them longer than the P99', () => {
  const ideal = { dueMs: dueMs(), stall: { beganMs: 20_000, endedMs: 23_000 }, serviceMs: 1 };
  // Due every 10 ms, they wait 3000, 2990, …, 10 ms: 60 wait 2410 ms or longer.
  assert.equal(idealQuantileMs({ ...ideal, quantile: 0.99 }), 2400);
  assert.equal(idealQuantileMs({ ...ideal, dueMs: dueMs(), quantile: 0.95 }), 1);
  assert.equal(idealQuantileMs({ ...ideal, dueMs: dueMs(), quantile: 0.96 }), 600);
});

test('a request that is due just before the end of the stall takes no less than the service time', () => {
  const stall = { beganMs: 0, endedMs: 10.5 };
  const ideal = { stall, serviceMs: 1 };
  assert.equal(idealQuantileMs({ ...ideal, dueMs: [10.4], quantile: 0.5 }), 1);
  assert.equal(idealQuantileMs({ ...ideal, dueMs: [10.5], quantile: 0.5 }), 1);
  assert.equal(idealQuantileMs({ ...ideal, dueMs: [0], quantile: 0.5 }), 10.5);
});

/** A profile in which each function was on top once, for the given µs. */
function createProfile(ran: [functionName: string, url: string, us: number][]): CpuProfile {
  const times = ran.map(([, , us]) => us);
  const frame = { scriptId: '1', lineNumber: 1, columnNumber: 1 };
  return {
    nodes: ran.map(([functionName, url], at) => ({
      id: at + 1,
      callFrame: { ...frame, functionName, url },
    })),
    startTime: 0,
    endTime: times.reduce((sum, us) => sum + us, 0),
    samples: ran.map((_, at) => at + 1),
    // A sample counts until the next one.
    timeDeltas: [0, ...times.slice(0, -1)],
  };
}

const PLACES = [
  ['node_modules/undici', 'undici'],
  ['/e2e/', 'ours'],
] as const;

test('CPU time is summed up by place in the code, without the time in which nothing ran', () => {
  const account = accountByPlace(
    createProfile([
      ['(idle)', '', 500],
      ['write', '', 40],
      ['resume', 'file:///x/node_modules/undici/lib/client.js', 30],
      ['send', 'file:///x/e2e/load/openModel.ts', 10],
      ['', 'file:///x/e2e/load/openModel.ts', 5],
      ['(garbage collector)', '', 10],
      ['(program)', '', 3],
      ['else', 'file:///y.js', 2],
    ]),
    PLACES,
  );
  assert.deepEqual(account, [
    { place: 'system calls and other native code', share: 0.4, hottest: 'write 40.0 %' },
    { place: 'undici', share: 0.3, hottest: 'resume 30.0 %' },
    { place: 'ours', share: 0.15, hottest: 'send 10.0 %, without a name 5.0 %' },
    { place: 'garbage collection', share: 0.1, hottest: '(garbage collector) 10.0 %' },
    { place: 'the engine itself', share: 0.03, hottest: '(program) 3.0 %' },
    { place: 'elsewhere', share: 0.02, hottest: 'else 2.0 %' },
  ]);
});

test('a profile in which nothing ran has no account', () => {
  assert.throws(() => accountByPlace(createProfile([['(idle)', '', 500]]), PLACES), RangeError);
});

test('the written record can be read and judged like that of a run', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'measurements.ndjson');
  const header = createHeader('local');
  writeLoadRecord(file, { header, workload: 'sustained', requests: 6001, seed: 1 });
  const record = parseRunRecord(readFileSync(file, 'utf8'), file, METRICS);
  assert.deepEqual(
    record.loads.map(({ workload, n }) => [workload, n]),
    [['sustained', 6001]],
  );
  const selected = ['sustained.latency.p95', 'sustained.isolation'];
  const { judgements } = judgeRun(record, deriveEvents, { selected });
  assert.deepEqual(
    judgements.map(({ id, verdict }) => [id, verdict]),
    selected.map((id) => [id, 'pass']),
  );
});

test('the written records of shards are merged into one load', () => {
  using folder = temporaryFolder();
  const parts = [1, 2, 3].map((index) => {
    const file = path.join(folder.path, `${index}.ndjson`);
    const header = createHeader('local', { index, of: 3 });
    writeLoadRecord(file, { header, workload: 'sustained', requests: 700, seed: index });
    return { file, record: parseRunRecord(readFileSync(file, 'utf8'), file, METRICS) };
  });
  const { record, lacks } = mergeShards(parts);
  assert.deepEqual(lacks, []);
  assert.equal(record.loads[0]?.n, 2100);
});

const PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: 0.01 };

/** The chance that the test is clear, counted out over all numbers of bad events. */
function chanceOfClear(n: number, badShare: number): number {
  let chance = 0;
  let term = (1 - badShare) ** n;
  for (let bad = 0; bad <= n; bad++) {
    if (fixedSampleTest(bad, n, PLAN) !== 'inconclusive') chance += term;
    term *= ((n - bad) / (bad + 1)) * (badShare / (1 - badShare));
  }
  return chance;
}

test('the fixed size is clear often enough, and one event fewer is not', () => {
  assert.equal(fixedSize(PLAN, 0, 0.95), 59);
  for (const badShare of [0.01, 0.1, 0.2]) {
    const n = fixedSize(PLAN, badShare, 0.95);
    assert.ok(chanceOfClear(n, badShare) >= 0.95, `${badShare}: ${n}`);
    for (let fewer = Math.max(1, n - 20); fewer < n; fewer++)
      assert.ok(chanceOfClear(fewer, badShare) < 0.95, `${badShare}: ${fewer} are enough`);
  }
  assert.throws(() => fixedSize(PLAN, 0.05, 0.95), RangeError);
});

test('the clear size is the number of events by which sampling has ended in that share of the runs', () => {
  const most = { clearShare: 0.95, maxEvents: 2000 };
  const n = clearSize(PLAN, 0.1, most);
  assert.ok(expectedSampling(PLAN, 0.1, n).open <= 0.05);
  assert.ok(expectedSampling(PLAN, 0.1, n - 1).open > 0.05);
  assert.equal(clearSize(PLAN, 0, most), 65);
});

test('an item is passed on once all items before it have come', () => {
  const taken: number[] = [];
  const give = orderByIndex<{ index: number }>(({ index }) => taken.push(index));
  const seen = [2, 0, 1, 4, 5, 3].map((index) => {
    give({ index });
    return taken.length;
  });
  assert.deepEqual(seen, [0, 1, 3, 3, 3, 6]);
  assert.deepEqual(taken, [0, 1, 2, 3, 4, 5]);
});
