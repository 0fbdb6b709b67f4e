import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../commands/tools.ts';
import { parseRunRecord } from '../core/record/runRecord.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import { METRICS } from '../metrics/metrics.ts';
import { chatBody, classifyBody, referenceOf } from '../salestalk/testing/exchanges.ts';
import { loadBudget } from '../setup/loadBudget.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { buildK6Config, hashK6Config } from './config.ts';
import { type K6File, type K6Results, readK6Results } from './readResults.ts';
import { type Asked, importScript, runInstance, STARTED_AT_MS } from './testing/fakeK6.ts';

const CONFIG = buildK6Config(loadBudget('local'), 'local', 'sustained');
const script = await importScript(CONFIG);

/** A good answer of this tenant. */
function answer({ path, tenant }: Asked, tookMs = 80, owner = tenant) {
  const body =
    path === '/chat'
      ? { ...chatBody(), dataReferences: [referenceOf(owner)] }
      : { ...classifyBody(), tenantId: owner };
  return { status: 200, body: JSON.stringify(body), tookMs };
}

const run = (reply = (asked: Asked) => answer(asked), instance = {}) =>
  runInstance(script, reply, instance);
const runThree = (reply?: (asked: Asked) => ReturnType<typeof answer>) =>
  [1, 2, 3].map((index) => run(reply, { index, of: 3 }));
const WHOLE = run();
const THREE = runThree();
const [FIRST, SECOND, THIRD] = THREE as [K6File, K6File, K6File];

/** Verdicts and numbers of bad events by objective, judged from the text of the record alone. */
function judged({ lines }: K6Results) {
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const record = parseRunRecord(text, 'k6', METRICS);
  const selected = record.run.objectives.map(({ id }) => id);
  const { judgements, notMeasured } = judgeRun(record, deriveEvents, { selected });
  return {
    record,
    notMeasured,
    found: Object.fromEntries(
      judgements.map(({ id, verdict, n, bad }) => [
        id.replace('sustained.', ''),
        `${verdict} ${bad}/${n}`,
      ]),
    ),
  };
}

test('what one instance offered and what three offered together is judged alike', () => {
  const one = judged(readK6Results([WHOLE]));
  assert.deepEqual(one.found, {
    'latency.p95': 'pass 0/5400',
    availability: 'pass 0/5400',
    isolation: 'pass 0/5400',
    stall: 'pass 0/91',
  });
  const three = readK6Results(THREE);
  assert.deepEqual(judged(three).found, one.found);
  assert.deepEqual(three.lacks, []);
});

test('what k6 cannot see is not measured, with the reason', () => {
  const { notMeasured, record } = judged(readK6Results([WHOLE]));
  assert.deepEqual(notMeasured, [
    { id: 'sustained.ownTime.p95', reason: 'k6 does not see the calls of the model' },
  ]);
  assert.equal(record.run.environment.loadGenerator, 'k6');
});

test('slow, failed, foreign and stalled answers are found through three instances as through one', () => {
  let asked = 0;
  const everyTenth = () => ++asked % 10 === 0;
  const resumesMs = 40_000;
  for (const [id, verdict, reply] of [
    ['latency.p95', /^fail 5\d\d\//, (one: Asked) => answer(one, everyTenth() ? 700 : 80)],
    [
      'availability',
      /^fail 5\d\d\//,
      (one: Asked) => (everyTenth() ? { status: 503, body: '', tookMs: 9 } : answer(one)),
    ],
    [
      'isolation',
      /^fail 5\d\d\//,
      (one: Asked) => answer(one, 80, everyTenth() ? 'tenant-foreign' : one.tenant),
    ],
    [
      'stall',
      /^fail 1\//,
      (one: Asked) => {
        const leftMs = resumesMs - one.sinceStartMs;
        return answer(one, leftMs > 0 && leftMs < 3_000 ? leftMs : 80);
      },
    ],
  ] as const) {
    for (const files of [[run(reply)], runThree(reply)]) {
      const found = judged(readK6Results(files)).found[id];
      assert.match(String(found), verdict, id);
      // k6 does not count stalls, which single instances cannot see.
      if (id === 'stall') continue;
      assert.equal(found?.split(/[ /]/)[1], String(countBad(files, `sustained.${id}`)));
    }
  }
});

/** The count that k6 itself shows of an objective, added over the instances. */
function countBad(files: readonly K6File[], id: string): number {
  const metric = `"metric":"${id.replaceAll('.', '_')}"`;
  return files
    .flatMap(({ lines }) => [...lines])
    .filter((line) => line.includes(metric) && line.includes('"value":1')).length;
}

test('an iteration that k6 dropped is a request that was never sent', () => {
  const { found, record } = judged(
    readK6Results([run(undefined, { isDropped: (at: number) => at % 90 === 89 })]),
  );
  assert.equal(found.availability, 'fail 60/5400');
  const [load] = record.loads;
  const last = load?.blocks.at(-1);
  assert.match(last?.kinds.map(({ failure }) => failure).join() ?? '', /never sent/);
});

test('what is missing is named, and the load is not complete', () => {
  const lines = [...SECOND.lines];
  const half = lines.slice(0, lines.length / 2);
  for (const [files, missing] of [
    [[FIRST, THIRD], /^no file holds the part of the load from 33\.3 % to 66\.7 %$/],
    [[FIRST, SECOND], /66\.7 % to 100 %/],
    [[FIRST, { ...SECOND, lines: half }, THIRD], /^2\.json ends before its load/],
    [
      [FIRST, { ...SECOND, lines: [...half, '{"metric":"http_reqs","ty'] }, THIRD],
      /^2\.json breaks off/,
    ],
    [[FIRST, { name: '2.json', lines: [] }, THIRD], /^2\.json holds no request/],
  ] as const) {
    const results = readK6Results(files);
    assert.match(results.lacks[0]?.reason ?? '', missing);
    assert.ok(!results.lines.some((line) => line.type === 'workload' && line.state === 'complete'));
  }
});

test('the same file twice counts once, and is named', () => {
  const results = readK6Results([FIRST, SECOND, THIRD, { ...SECOND, name: 'copy.json' }]);
  assert.deepEqual(results.copies, ['copy.json']);
  assert.deepEqual(judged(results).found, judged(readK6Results([FIRST, SECOND, THIRD])).found);
});

test('results of another script, of two runs or of nothing are one clear error each', () => {
  const edit = ({ name, lines }: K6File, from: string, to: string) => ({
    name,
    lines: [...lines].map((line) => line.replaceAll(from, to)),
  });
  const hash = hashK6Config(CONFIG);
  const later = { index: 2, of: 3, startedAtMs: STARTED_AT_MS + 3_600_000 };
  for (const [files, message] of [
    [[FIRST, edit(SECOND, hash, 'f'.repeat(64)), THIRD], /2\.json[\s\S]*config/],
    [[FIRST, edit(SECOND, '"load":"sustained"', '"lod":""'), THIRD], /2\.json[\s\S]*load:k6 wrote/],
    [[FIRST, run(undefined, later), THIRD], /2\.json[\s\S]*within a minute/],
    [[FIRST, SECOND, { ...WHOLE, name: 'all.json' }], /its own --execution-segment/],
    [[{ name: '1.json', lines: ['{}', '{"type":"Point"}'] }], /1\.json[\s\S]*line 2/],
    [[{ name: '1.json', lines: [] }], /no point of any metric/],
    [[], /no file \*\.json/],
    [[edit(FIRST, 'load_response_time', 'other')], /no request/],
  ] as const) {
    assert.throws(() => readK6Results(files), { code: 'RECORD_INVALID', message });
  }
});

test('npm run report -- --k6 judges a folder of results, and says what is missing', () => {
  using folder = temporaryFolder();
  const report = (files: readonly K6File[], out: string) => {
    const results = path.join(folder.path, `results-${out}`);
    mkdirSync(results);
    for (const { name, lines } of files) {
      writeFileSync(path.join(results, name), [...lines].map((line) => `${line}\n`).join(''));
    }
    const reportDir = path.join(folder.path, out);
    const args = ['e2e/commands/report.ts', '--k6', results, '--out', reportDir];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    const file = path.join(reportDir, 'summary.json');
    const summary = stderr === '' ? JSON.parse(readFileSync(file, 'utf8')) : null;
    return { status, stderr, summary };
  };
  const whole = report(THREE, 'whole');
  assert.deepEqual([whole.status, whole.summary?.verdict], [0, 'pass'], whole.stderr);
  const { objectives, notMeasured, findings } = whole.summary;
  assert.deepEqual(
    objectives.map(({ id, n }: { id: string; n: number }) => [id, n]),
    [
      ['sustained.latency.p95', 5400],
      ['sustained.availability', 5400],
      ['sustained.isolation', 5400],
      ['sustained.stall', 91],
    ],
  );
  assert.equal(notMeasured[0].id, 'sustained.ownTime.p95');
  assert.match(findings.join(), /k6 offered this load/);
  const partial = report([FIRST, THIRD, { ...THIRD, name: 'copy.json' }], 'partial');
  assert.deepEqual([partial.status, partial.summary?.verdict], [1, 'inconclusive']);
  assert.match(partial.summary.reasons.join(), /no file holds the part of the load from 33\.3 %/);
  assert.match(partial.summary.findings.join(), /copy\.json|3\.json/);
  assert.match(report([], 'none').stderr, /^RECORD_INVALID: .*results-none cannot be judged/);
});
