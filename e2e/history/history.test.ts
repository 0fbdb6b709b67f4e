import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { addToHistory, readHistory, refuseUnwritable } from './history.ts';
import { formatEntry, type HistoryEntry } from './historyEntry.ts';
import { readLines } from './recordFile.ts';

const run = (id: string): HistoryEntry => ({
  schemaVersion: 2,
  id,
  startedAt: '2026-01-02T03:04:05.000Z',
  commit: 'abc',
  target: 'local',
  verdict: 'pass',
  objectives: [
    {
      id: 'classify.latency.p95',
      unit: 'ms',
      objective: 2000,
      estimate: 498.7,
      interval: [471.2, null],
      n: 72,
      bad: 0,
      verdict: 'pass',
    },
  ],
  environment: null,
  figures: [{ id: 'classify.latency', unit: 'ms', n: 72, median: 350.2 }],
  executions: [{ test: 'perf/latencyBaseline.spec.ts › P95', outcome: 'passed' }],
});

const folder = temporaryFolder();
after(() => folder[Symbol.dispose]());

let files = 0;
/** A file that does not exist yet, and its folder neither. */
const newFile = (): string => path.join(folder.path, `${files++}`, 'history.ndjson');

test('runs come back in the order in which they were added, each once', () => {
  const file = newFile();
  assert.deepEqual(readHistory(file), []);
  for (const id of ['one', 'two', 'one']) addToHistory(file, run(id));
  assert.deepEqual(readHistory(file), [run('one'), run('two')]);
});

test('a broken line is reported, and the file is not changed', () => {
  const file = newFile();
  addToHistory(file, run('one'));
  appendFileSync(file, '{"id": "two"}\n');
  const before = readFileSync(file, 'utf8');
  assert.throws(
    () => addToHistory(file, run('three')),
    /HISTORY_INVALID[\s\S]*line 2 → schemaVersion/,
  );
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('a run of version 1 is read: its shares keep their counts, and what it lacks is unknown', () => {
  const { figures: _, executions: __, environment: ___, ...rest } = run('old');
  const { bad: ____, ...latency } = rest.objectives[0] as HistoryEntry['objectives'][number];
  const share = { ...latency, id: 'api.availability', unit: 'share', estimate: 1 - 3 / 2995 };
  const objectives = [latency, { ...share, n: 2995 }];
  const file = fileHolding(`${JSON.stringify({ ...rest, schemaVersion: 1, objectives })}\n`);
  addToHistory(file, run('new'));
  const [old, ...others] = readHistory(file);
  assert.deepEqual(
    old?.objectives.map(({ bad }) => bad),
    [null, 3],
  );
  assert.deepEqual([old?.environment, old?.figures, old?.executions], [null, [], []]);
  assert.deepEqual(others, [run('new')]);
});

test('a run of a later version is refused with its line, and the file is not changed', () => {
  const text = `${line('one')}\n${line('two').replace('"schemaVersion":2', '"schemaVersion":3')}\n`;
  const file = fileHolding(text);
  assert.throws(() => addToHistory(file, run('three')), {
    code: 'HISTORY_INVALID',
    message:
      /a newer version[\s\S]*line 2 → schemaVersion\n {2}found {4}3\n {2}expected at most 2\n/,
  });
  assert.equal(readFileSync(file, 'utf8'), text);
});

const line = (id: string): string => formatEntry(run(id));

function fileHolding(text: string): string {
  const file = newFile();
  mkdirSync(path.dirname(file));
  writeFileSync(file, text);
  return file;
}

const idsIn = (file: string): string[] => readHistory(file).map(({ id }) => id);

test('a missing line feed at the end is added before the next run', () => {
  const file = fileHolding(`${line('one')}\n${line('two')}`);
  addToHistory(file, run('three'));
  addToHistory(file, run('four'));
  assert.equal(
    readFileSync(file, 'utf8'),
    ['one', 'two', 'three', 'four'].map((id) => `${line(id)}\n`).join(''),
  );
});

test('a history saved by a Windows editor can be read, and its lines are not rewritten', () => {
  const text = `\uFEFF${line('one')}\r\n${line('two')}\r\n\r\n`;
  const file = fileHolding(text);
  addToHistory(file, run('three'));
  assert.deepEqual(idsIn(file), ['one', 'two', 'three']);
  assert.equal(readFileSync(file, 'utf8'), `${text}${line('three')}\n`);
});

test('an invisible mistake is reported with its line, and the file is not changed', () => {
  for (const [text, words] of [
    [
      `${line('one')}\n${line('two')}${line('three')}\n`,
      /line 2\n {2}found {4}two runs on one line\n/,
    ],
    [`${line('one')}\r${line('two')}\r`, /line 1\n {2}found {4}a carriage return \(CR\)/],
    [`${line('one')}\n\uFEFF${line('two')}\n`, /line 2\n {2}found {4}a byte order mark/],
    [`${line('one')}\n${line('two').slice(0, 40)}\n`, /Line 2 of .* is not JSON/],
    [`${line('one').slice(0, 40)}\n${line('two')}\n`, /Line 1 of .* is not JSON/],
    [`${line('one')}\n[2026] another program ended`, /Line 2 of .* is not JSON/],
    [
      `${line('one').replace('{', '{"id":"none",')}\n`,
      /A key occurs twice in line 1 of .*[\s\S]*1:2 and again at 1:/,
    ],
  ] as const) {
    const file = fileHolding(text);
    assert.throws(() => addToHistory(file, run('four')), {
      code: 'HISTORY_INVALID',
      message: words,
    });
    assert.equal(readFileSync(file, 'utf8'), text);
  }
});

test('a path through a file is refused as a history', () => {
  const place = path.join(fileHolding(''), 'history.ndjson');
  for (const use of [() => readHistory(place), () => addToHistory(place, run('one'))]) {
    assert.throws(use, {
      code: 'HISTORY_INVALID',
      message:
        /cannot be used as a history\.\n[\s\S]*found {4}a file in the place of one of its folders\n/,
    });
  }
});

const TORN = ' [torn: the run that wrote this line was ended]';

/** Root may write everywhere, so this user is another one meanwhile. */
function actAsOther<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65_534);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

test('a place that cannot be written is refused before anything is measured', () => {
  using folder = temporaryFolder();
  const history = path.join(folder.path, 'new/history.ndjson');
  refuseUnwritable(history);
  assert.ok(readdirSync(folder.path).length === 0, 'it leaves nothing');
  chmodSync(folder.path, 0o555);
  assert.throws(
    () => actAsOther(() => refuseUnwritable(history)),
    /^HarnessError: HISTORY_INVALID: .*history\.ndjson cannot be used as a history\.\n.*\n +found +a file or folder that this user may not use\n/,
  );
  chmodSync(folder.path, 0o755);
});

test('a torn last line is left out, and the next run ends it without changing what is there', () => {
  for (const [length, mark] of [
    [40, TORN],
    [5, TORN],
    [line('two').length, ''],
  ] as const) {
    const text = `${line('one')}\n${line('two').slice(0, length)}`;
    const file = fileHolding(text);
    const before = mark === '' ? ['one', 'two'] : ['one'];
    assert.deepEqual(idsIn(file), before);
    addToHistory(file, run('three'));
    assert.equal(readFileSync(file, 'utf8'), `${text}${mark}\n${line('three')}\n`);
    assert.deepEqual(idsIn(file), [...before, 'three']);
    // Two runs that end at the same time may both end it.
    appendFileSync(file, `${TORN}\n${line('four')}\n`);
    assert.deepEqual(idsIn(file), [...before, 'three', 'four']);
  }
});

test('a run that was added in the moment when another one was ended is kept', () => {
  for (const length of [1, 40, line('two').length - 1]) {
    const file = fileHolding(`${line('one')}\n${line('two').slice(0, length)}${line('three')}\n`);
    assert.deepEqual(idsIn(file), ['one', 'three']);
  }
});

test('a run in a folder is a file of its own, beside files of several runs', () => {
  const place = `${path.dirname(fileHolding(''))}/`;
  for (const id of ['one', 'two', 'one', '../three']) addToHistory(place, run(id));
  assert.deepEqual(readdirSync(place).sort(), [
    '..%2Fthree.json',
    'history.ndjson',
    'one.json',
    'two.json',
  ]);
  writeFileSync(path.join(place, 'history.ndjson'), `${line('two')}\n${line('four')}\n`);
  writeFileSync(path.join(place, 'five.json.123.draft'), line('five').slice(0, 50));
  assert.deepEqual(idsIn(place).sort(), ['../three', 'four', 'one', 'two']);
  writeFileSync(path.join(place, 'two.json'), '{}');
  assert.throws(
    () => addToHistory(place, run('six')),
    /two\.json\n {2}where {4}line 1 → schemaVersion/,
  );
  assert.equal(existsSync(path.join(place, 'six.json')), false);
  assert.deepEqual(idsIn(`${newFile()}/`), []);
});

test('runs are in the order of their start, whichever was added first', () => {
  const early = { ...run('early'), startedAt: '2026-01-02T03:04:05Z' };
  const file = fileHolding(`${line('late')}\n${formatEntry(early)}\n`);
  assert.deepEqual(idsIn(file), ['late', 'early']);
  const earlier = { ...run('earlier'), startedAt: '2026-01-02T03:04:04.999Z' };
  addToHistory(file, earlier);
  assert.deepEqual(idsIn(file), ['earlier', 'late', 'early']);
});

const MODULE = JSON.stringify(new URL('./history.ts', import.meta.url).href);
const EVALUATE = process.versions.deno === undefined ? ['--input-type=module', '-e'] : ['eval'];

test('without room for a run the earlier ones are kept, and the next run finds its place', {
  skip: process.platform === 'win32',
}, () => {
  for (const isFolder of [false, true]) {
    const place = isFolder ? `${newFile()}/` : newFile();
    addToHistory(place, run('one'));
    const large = { ...run('two'), executions: Array(20).fill(run('').executions[0]) };
    const code = `import { addToHistory } from ${MODULE}; addToHistory(${JSON.stringify(place)}, ${JSON.stringify(large)});`;
    // The size of files is limited to 1 KiB, as if the disk were full; the signal that would tell of it is ignored.
    const limit = 'trap "" XFSZ; ulimit -f 1; exec "$0" "$@"';
    const args = ['-c', limit, process.execPath, ...EVALUATE, code];
    const { stderr } = spawnSync('bash', args, { encoding: 'utf8' });
    assert.match(
      stderr,
      /WRITE_FAILED: The run could not be added[\s\S]*found {4}no room \(EFBIG\)/,
    );
    assert.deepEqual(idsIn(place), ['one']);
    addToHistory(place, run('three'));
    assert.deepEqual(idsIn(place), ['one', 'three']);
  }
});

test('runs that several processes add at the same time are all kept, each on its line', async () => {
  const file = newFile();
  const objectives = Array.from({ length: 60 }, () => run('').objectives[0]);
  const writers = ['a', 'b', 'c', 'd'].map((name) => {
    const code = `import { addToHistory } from ${MODULE};
      for (let at = 0; at < 25; at += 1) {
        addToHistory(${JSON.stringify(file)}, { ...${JSON.stringify({ ...run(''), objectives })}, id: '${name}' + at });
      }`;
    return spawn(process.execPath, [...EVALUATE, code], { stdio: 'inherit' });
  });
  for (const [status] of await Promise.all(writers.map((writer) => once(writer, 'close')))) {
    assert.equal(status, 0);
  }
  assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, 100);
  assert.equal(new Set(idsIn(file)).size, 100);
});

const linesOf = (text: string): string[] => [...readLines(fileHolding(text))];

test('lines of any length are read whole, and no character is split', () => {
  const lines = ['{}', '', 'é'.repeat(100_000), '€', 'x'.repeat(65_535), '€'.repeat(50_000)];
  assert.deepEqual(linesOf(lines.join('\n')), lines);
  assert.deepEqual(linesOf(`${lines.join('\n')}\n`), lines);
});

test('an empty file has no lines, and a missing one is an error', () => {
  assert.deepEqual(linesOf(''), []);
  assert.throws(() => [...readLines('/nowhere/measurements.ndjson')], { code: 'ENOENT' });
});

test('a reader may stop after the first line', () => {
  const [first] = readLines(fileHolding('first\nsecond\n'));
  assert.equal(first, 'first');
});
