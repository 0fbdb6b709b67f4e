import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeShards } from '../core/record/mergeShards.ts';
import type { RecordLine } from '../core/record/recordLine.ts';
import { parseRunRecord } from '../core/record/runRecord.ts';
import {
  failedWith,
  type LoadRequestAt,
  NEVER_SENT,
  processLineOf,
} from '../core/testing/loadOf.ts';
import { harnessOf, memoryOf, STARTED_AT_MS, stallOf } from '../core/testing/recordOf.ts';
import { readHistory } from '../history/history.ts';
import { METRICS } from '../metrics/metrics.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { rebuildReport } from './rebuildReport.ts';
import { formatRecord, loadRecordOf, writeRecord } from './testing/shards.ts';
import { summaryOf } from './testing/summaryOf.ts';

const STEADY: LoadRequestAt[] = Array.from({ length: 600 }, (_, at) => ({
  serviceMs: 80 + (at % 7),
}));
const OF = 3;

type Records = Record<string, string | RecordLine[]>;

/** The records of all three shards, in folders `s1` to `s3`. */
function shardsOf(requests = STEADY): Records {
  return Object.fromEntries(
    [1, 2, 3].map((index) => [`s${index}`, loadRecordOf(requests, { shard: { index, of: OF } })]),
  );
}

/** Builds the report of these records in the folder `out`. */
async function rebuild(records: Records, folders = Object.keys(records)) {
  using folder = temporaryFolder();
  for (const [name, record] of Object.entries(records)) writeRecord(folder.path, name, record);
  const out = path.join(folder.path, 'out');
  const given = folders.map((name) => path.join(folder.path, name));
  const { summary } = await rebuildReport(given, out).catch((error: unknown) => {
    assert.ok(!existsSync(out), 'nothing is written');
    throw error;
  });
  return { summary, files: readdirSync(out), again: (await rebuildReport([out], out)).summary };
}

test('three shards give the counts, times and verdicts of one machine', async () => {
  const requests = STEADY.map((request, at) =>
    at % 97 === 5 ? failedWith('status 500') : request,
  );
  const whole = await rebuild({ one: loadRecordOf(requests) });
  const { summary, files, again } = await rebuild(shardsOf(requests));
  assert.equal(summary.verdict, 'pass');
  assert.deepEqual({ ...summary, run: null }, { ...whole.summary, run: null });
  assert.equal(summary.run.environment.shards, '3 of 3');
  assert.equal(summary.run.environment.clockOffsetToTarget, '1 to 3 ms');
  assert.deepEqual(files.sort(), [
    'index.html',
    'measurements.ndjson',
    'metrics.openmetrics',
    'summary.json',
    'summary.md',
  ]);
  assert.deepEqual(again, summary);
});

const request = fc.record({
  lateMs: fc.integer({ min: 0, max: 300 }),
  serviceMs: fc.integer({ min: 0, max: 900 }),
  modelMs: fc.option(fc.integer({ min: 0, max: 50 })),
  operation: fc.constantFrom('classify', 'chat'),
  tenant: fc.constantFrom('a', 'b', 'c'),
  failure: fc.option(fc.constantFrom('status 500', 'timeout'), { freq: 4 }),
  isolated: fc.option(fc.boolean()),
  connectionReused: fc.option(fc.boolean()),
});

test('any load that is split by index is summed up and judged like the whole', () => {
  const load = fc.array(fc.tuple(fc.nat(40), fc.oneof(request, fc.constant(NEVER_SENT))), {
    minLength: 1,
    maxLength: 120,
  });
  fc.assert(
    fc.property(
      load,
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 9 }),
      (gaps, of, perLine) => {
        let dueMs = 0;
        const requests = gaps.map(([gapMs, one]) => {
          dueMs += gapMs;
          return { ...one, dueMs };
        });
        const read = (lines: RecordLine[]) =>
          parseRunRecord(formatRecord(lines), 'record', METRICS);
        const shards = Array.from({ length: of }, (_, at) =>
          loadRecordOf(requests, { perLine, shard: { index: at + 1, of } }),
        );
        const { record, lacks } = mergeShards(
          shards.map((lines, at) => ({ file: String(at), record: read(lines) })),
        );
        assert.deepEqual(lacks, []);
        record.run.environment = {};
        assert.deepEqual(summaryOf(record), summaryOf(read(loadRecordOf(requests))));
      },
    ),
    { numRuns: 100 },
  );
});

/** The records with one changed. */
function withShard(name: string, record: string | RecordLine[], requests = STEADY): Records {
  return { ...shardsOf(requests), [name]: record };
}

const second = (parts: Parameters<typeof loadRecordOf>[1] = {}, requests = STEADY) =>
  loadRecordOf(requests, { ...parts, shard: { index: 2, of: OF, ...parts.shard } });

const WHOLE_TEXT = formatRecord(second());
/** As a process leaves it that is killed while it writes. */
const KILLED = WHOLE_TEXT.slice(0, WHOLE_TEXT.length / 2);

const LACKS: [name: string, records: Records, reason: RegExp][] = [
  [
    'is missing',
    { s1: loadRecordOf(STEADY, { shard: { index: 1, of: OF } }), s2: second() },
    /^shard 3 of 3 is missing$/,
  ],
  [
    'was killed half-way',
    withShard('s2', KILLED),
    /^shard 2 of 3 ended before "sustained" was measured to its end\n(?:.*\n)?.*s2.* ends within a line/,
  ],
  [
    'never began its load',
    withShard('s2', formatRecord(second().slice(0, 1))),
    /^shard 2 of 3 ended before "sustained"/,
  ],
  [
    'was offered twice',
    { ...shardsOf(), again: second({ run: { startedAt: '2027-01-15T08:00:09.000Z' } }) },
    /^shard 2 of 3 was offered 2 times/,
  ],
  [
    'has two records that differ',
    {
      ...shardsOf(),
      again: second(
        {},
        STEADY.map(() => ({ serviceMs: 90 })),
      ),
    },
    /^shard 2 of 3 has records that differ: .*s2.* and .*again/,
  ],
  [
    'began late',
    withShard('s2', second({ line: { fromMs: 1_800_000_007_500 } })),
    /^shard 2 of 3 began "sustained" 7\.5 s after the first$/,
  ],
  [
    'ended early',
    withShard('s2', second({}, STEADY.slice(0, 300))),
    /^shard 2 of 3 did not offer the last 100 requests of "sustained"$/,
  ],
  [
    'offered nothing, and ended',
    withShard(
      's2',
      second().filter(({ type }) => type !== 'load'),
    ),
    /^shard 2 of 3 offered nothing of "sustained"$/,
  ],
  [
    'has an unknown clock',
    withShard('s2', second({ shard: { index: 2, of: OF, clockOffsetMs: null } })),
    /^shard 2 of 3 does not know how its clock differs from that of the target/,
  ],
];

for (const [name, records, reason] of LACKS) {
  test(`a shard that ${name} is named, and nothing passes`, async () => {
    const { summary } = await rebuild(records);
    assert.equal(summary.verdict, 'inconclusive');
    assert.match(summary.reasons.join('\n'), reason);
    for (const one of summary.objectives) {
      assert.equal(one.verdict, 'inconclusive');
      assert.match(one.reason, /^shard \d of 3 .*; as it was offered, none of \d+ /);
    }
  });
}

test('lines of a shard that are out of order lack nothing', async () => {
  const lines = second();
  const at = lines.findLastIndex(({ type }) => type === 'load');
  const [one, other] = lines.slice(at - 1, at + 1) as [RecordLine, RecordLine];
  const { summary } = await rebuild(withShard('s2', lines.toSpliced(at - 1, 2, other, one)));
  assert.deepEqual([summary.verdict, summary.reasons], ['pass', []]);
});

test('a shard without users is named', async () => {
  const step = { model: 'closed', ratePerSecond: null } as const;
  const records = [1, 2, 3].map((index) => {
    const lines = loadRecordOf(STEADY, { shard: { index, of: OF }, line: { step } });
    return [`s${index}`, index === 2 ? lines.filter(({ type }) => type !== 'load') : lines];
  });
  const { summary } = await rebuild(Object.fromEntries(records));
  assert.match(summary.reasons.join('\n'), /^shard 2 of 3 offered nothing of "sustained"$/);
});

test('what a part of the shards shows to be missed is missed', async () => {
  const { s1 = [] } = shardsOf(STEADY.map(() => ({ serviceMs: 900 })));
  const { summary } = await rebuild({ s1 });
  assert.equal(summary.verdict, 'fail');
  assert.deepEqual(summary.reasons, ['shard 2 of 3 is missing', 'shard 3 of 3 is missing']);
});

test('a copy of a shard, whole or cut short, counts once and is named', async () => {
  const whole = await rebuild(shardsOf());
  for (const copy of [WHOLE_TEXT, KILLED]) {
    for (const folders of [
      ['s1', 's2', 's3', 'copy'],
      ['copy', 's1', 's2', 's3'],
    ]) {
      const { summary } = await rebuild({ ...shardsOf(), copy }, folders);
      const [found, ...others] = summary.findings;
      assert.match(
        found ?? '',
        /measurements\.ndjson is a copy of another record, and was left out$/,
      );
      assert.deepEqual({ ...summary, findings: others }, whole.summary);
    }
  }
});

test('requests of a shard that began a little later are due when it sent them', async () => {
  const line = { fromMs: STARTED_AT_MS + 300 };
  const { summary } = await rebuild(withShard('s2', second({ line })));
  // Its clock is 2 ms behind that of the target.
  const lastDueMs = 598 * 10 + 302;
  assert.deepEqual([summary.verdict, summary.loads[0]?.result.seconds], ['pass', lastDueMs / 1000]);
});

test('of two copies of a run the whole one is judged', async () => {
  const text = formatRecord(loadRecordOf(STEADY));
  const { summary } = await rebuild({ cut: text.slice(0, text.length / 2), whole: text });
  assert.deepEqual([summary.verdict, summary.loads[0]?.result.n], ['pass', STEADY.length]);
});

const slower = STEADY.map((_, at) => ({ serviceMs: 80, dueMs: at * 11 }));
const stricter = loadRecordOf([])[0] as Extract<RecordLine, { type: 'run' }>;
const HOUR_MS = 3_600_000;

const FOREIGN: [name: string, record: RecordLine[] | string, words: RegExp][] = [
  [
    'of another run',
    second({ run: { id: 'run-2' } }),
    /where +run → id\n +found +"run-2"\n +expected "run-1"/,
  ],
  [
    'of another budget',
    second({ run: { objectives: stricter.objectives.map((one) => ({ ...one, objective: 1 })) } }),
    /where +run → objectives → "sustained\.latency\.p95" → objective\n +found +1\n +expected 500/,
  ],
  [
    'with another start',
    second({ shard: { index: 2, of: OF, startAtMs: 5 } }),
    /where +run → shard → startAtMs/,
  ],
  [
    'with another seed',
    second({ shard: { index: 2, of: OF, seed: 8 } }),
    /where +run → shard → seed/,
  ],
  [
    'of another number of shards',
    second({ shard: { index: 2, of: 4 } }),
    /where +run → shard → of/,
  ],
  [
    'at another rate',
    second({ line: { step: { model: 'open', ratePerSecond: 90 } } }),
    /where +load → sustained → step → ratePerSecond\n +found +90\n +expected 100/,
  ],
  [
    'at another rate later on',
    second().map((line, at) =>
      line.type === 'load' && at > 3
        ? { ...line, step: { ...line.step, ratePerSecond: 90 } }
        : line,
    ),
    /where +load → sustained → step → ratePerSecond\n +found +90\n +expected 100/,
  ],
  [
    'of another schedule',
    second({}, slower),
    /where +load → sustained → dueMs\n +found +request \d+ due at/,
  ],
  [
    'with a clock an hour off',
    second({ shard: { index: 2, of: OF, clockOffsetMs: HOUR_MS } }),
    /where +run → shard → clockOffsetMs\n +found +3600000 ms/,
  ],
  ['that is a run of its own', loadRecordOf(STEADY), /where +run → shard → /],
  [
    'of another version',
    WHOLE_TEXT.replace('"schemaVersion":2', '"schemaVersion":1'),
    /s2.*\n +where +line 1 → schemaVersion/,
  ],
  ['that lacks requests', second().toSpliced(3, 1), /s2.* lacks requests of the load "sustained"/],
  [
    'with an endless time',
    WHOLE_TEXT.replace('"serviceMs":[', '"serviceMs":[1e999,'),
    /s2.*\n +where +line \d+ → serviceMs/,
  ],
  [
    'with half a line in the middle',
    WHOLE_TEXT.replace(/"serviceMs":.*/, ''),
    /s2.*\n +where +line 3\n +found .*\n +expected a line of JSON/,
  ],
  ['that is another file', '{"some":"file"}\n', /s2.* has a line that cannot be read/],
  ['that is empty', '', /s2.* is not the record of one run/],
];

for (const [name, record, words] of FOREIGN) {
  test(`a record ${name} is one clear error, and nothing is written`, async () => {
    await assert.rejects(rebuild(withShard('s2', record)), (error: Error) => {
      assert.match(error.message, /^RECORD_INVALID: .*s2/);
      assert.match(error.message, words);
      return true;
    });
  });
}

test('what a shard measured of itself counts where it was worst, and of the target once', async () => {
  const busy = { process: 'harness', cpuShare: 0.97 } as const;
  const lines = [
    processLineOf(busy),
    // Its second reading of the target: the mean of the two is 0.45.
    processLineOf({ cpuShare: 0.6 }),
    memoryOf(1, { workload: 'sustained', values: { usedBytes: 7 } }),
  ];
  const own = harnessOf({ workload: 'sustained', lateP99Ms: 9, cpuShare: null });
  const { summary } = await rebuild(withShard('s2', second({ lines: [...lines, own] })));
  const [load] = summary.loads;
  assert.match(load?.doubt ?? '', /^the harness used 97 % of a core/);
  assert.deepEqual(
    load?.processes.map(({ process, cpuShare }) => [process, cpuShare]),
    [
      ['target', 0.45],
      ['harness', 0.97],
    ],
  );
  assert.deepEqual(
    summary.harness.workloads.map(({ lateP99Ms, cpuShare }) => [lateP99Ms, cpuShare]),
    [[9, 0.2]],
  );
  assert.match(
    summary.findings.join('\n'),
    /^shard 2 of 3 did not measure its own cpu share during "sustained": the worst/,
  );
});

test('a shard that could not measure figures of its own is named, and the worst that are known stay', async () => {
  const lines = second({ lines: [processLineOf({ process: 'harness', cpuShare: null })] });
  const blind = lines.map((line) =>
    line.type === 'harness' ? { ...line, lateP99Ms: null, ownStallMs: null } : line,
  );
  const { summary } = await rebuild(withShard('s2', blind));
  assert.deepEqual(
    summary.findings.map(
      (text) => /^shard 2 of 3 did not measure its own (.+) during/.exec(text)?.[1],
    ),
    ['late p99', 'own stall', 'cpu share', undefined],
  );
  const known = await rebuild(shardsOf());
  assert.deepEqual(summary.harness, known.summary.harness);
});

test('the stall of a shard sets requests of that shard aside, and no others', async () => {
  const stalled = stallOf({
    workload: 'sustained',
    // By a clock that is 900 ms behind that of the target.
    fromMs: STARTED_AT_MS + 100 - 900,
    durationMs: 600,
  });
  const shard = { index: 2, of: OF, clockOffsetMs: 900 };
  const { summary } = await rebuild(withShard('s2', second({ shard, lines: [stalled] })));
  const [latency] = summary.objectives;
  const n = 600 / OF / 10;
  assert.ok(latency !== undefined && latency.setAside >= n && latency.setAside <= 1.3 * n);
  assert.equal(summary.verdict, 'pass');
});

test('a merged run whose shards are complete is added to the history once', async () => {
  using folder = temporaryFolder();
  const history = path.join(folder.path, 'history.ndjson');
  const idsIn = () => (existsSync(history) ? readHistory(history).map(({ id }) => id) : []);
  const out = path.join(folder.path, 'out');
  const { s1 = [], s2 = [], s3 = [] } = shardsOf();
  const [one, two] = [writeRecord(folder.path, 's1', s1), writeRecord(folder.path, 's2', s2)];
  await rebuildReport([one, two], out, history);
  assert.deepEqual(idsIn(), []);
  const all = [one, two, writeRecord(folder.path, 's3', s3)];
  for (const folders of [all, all, [out]]) {
    await rebuildReport(folders, out, history);
    assert.deepEqual(idsIn(), ['run-1']);
  }
  const [entry] = readHistory(history);
  assert.deepEqual([entry?.verdict, entry?.objectives.length], ['pass', 2]);
  assert.notDeepEqual(entry?.figures, []);
  // The run that measured has added itself.
  const single = loadRecordOf(STEADY, { run: { id: 'run-2' } });
  const again = writeRecord(folder.path, 'single', single);
  await rebuildReport([again], again, history);
  assert.deepEqual(idsIn(), ['run-1']);
});

test('a report that cannot be written is one clear error, and its run is not in the history', async () => {
  using folder = temporaryFolder();
  const history = path.join(folder.path, 'history.ndjson');
  const all = Object.entries(shardsOf()).map(([name, record]) =>
    writeRecord(folder.path, name, record),
  );
  const out = path.join(folder.path, 'file');
  writeFileSync(out, 'mine');
  await assert.rejects(rebuildReport(all, out, history), { code: 'WRITE_FAILED' });
  assert.deepEqual([readFileSync(out, 'utf8'), existsSync(history)], ['mine', false]);
});

test('the page of a run that lacks a shard says how all shards are offered again, and asks for no more events', async () => {
  using folder = temporaryFolder();
  const { s1 = [], s2 = [] } = shardsOf();
  const out = path.join(folder.path, 'out');
  const folders = [writeRecord(folder.path, 's1', s1), writeRecord(folder.path, 's2', s2)];
  await rebuildReport(folders, out);
  const page = readFileSync(path.join(out, 'index.html'), 'utf8');
  assert.match(
    page,
    /npm run load -- --load sustained --shard &lt;1 to 3&gt;\/3 --start-at &lt;time&gt;/,
  );
  assert.doesNotMatch(page, /npx playwright test --grep|raise sampleBudget/);
  // This record has no such request, and nothing is said of it.
  assert.doesNotMatch(page, /does no work/);
});

test('a run takes as long as by the clock of its target, whatever those of the machines show', async () => {
  const durationOf = async (records: Records) => (await rebuild(records)).summary.run.durationMs;
  const behind = [1, 2, 3].map((index) => {
    const shard = { index, of: OF, clockOffsetMs: 9_000 };
    return [`s${index}`, loadRecordOf(STEADY, { shard })];
  });
  assert.equal(
    await durationOf(Object.fromEntries(behind)),
    await durationOf({ one: loadRecordOf(STEADY) }),
  );
});

test('a run that was killed is judged by what its record holds, and does not pass', async () => {
  const text = formatRecord(loadRecordOf(STEADY));
  const { summary } = await rebuild({ run: text.slice(0, text.length / 2) });
  assert.equal(summary.verdict, 'inconclusive');
  assert.match(
    summary.reasons.join('\n'),
    /^the run ended before "sustained" was measured to its end\n.*within a line/,
  );
  assert.ok(summary.objectives.every(({ verdict, n }) => verdict === 'pass' && n > 200));
});

test('an objective whose test was not reached is not measured, unless no test was to judge it', async () => {
  const lines = loadRecordOf(STEADY).filter(({ type }) => type === 'run');
  const selected = ['sustained.latency.p95'];
  const { summary } = await rebuild({ run: [{ ...lines[0], selected } as RecordLine] });
  assert.equal(summary.verdict, 'inconclusive');
  assert.deepEqual(summary.notMeasured, [
    { id: 'sustained.latency.p95', reason: 'the record ends before "sustained" was measured' },
  ]);
  assert.deepEqual(summary.notSelected, ['sustained.availability']);
});

test('a report is built again in its own folder; that of another run is left alone', async () => {
  using folder = temporaryFolder();
  const mine = writeRecord(folder.path, 'mine', loadRecordOf(STEADY));
  const other = writeRecord(folder.path, 'other', loadRecordOf(STEADY, { run: { id: 'run-2' } }));
  const { summary } = await rebuildReport([mine], mine);
  assert.equal(summary.verdict, 'pass');
  assert.match(summary.findings.join(), /made from the record alone/);
  const before = readFileSync(path.join(mine, 'summary.json'), 'utf8');
  await assert.rejects(rebuildReport([other], mine), {
    code: 'OPTION_REFUSED',
    message: /holds the report of another run\.[\s\S]*found +run-1\n[\s\S]*--out/,
  });
  assert.equal(readFileSync(path.join(mine, 'summary.json'), 'utf8'), before);
  await assert.rejects(rebuildReport([folder.path], mine), { message: /holds no record of a run/ });
});
