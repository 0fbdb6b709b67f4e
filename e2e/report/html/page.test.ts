import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import type { RunRecord } from '../../core/record/runRecord.ts';
import { HOSTILE_TEXTS } from '../../core/testing/hostileTexts.ts';
import { latencyP95 } from '../../core/testing/objectives.ts';
import {
  auditOf,
  modelCallOf,
  recordOf,
  requestOf,
  STARTED_AT_MS,
  stallOf,
} from '../../core/testing/recordOf.ts';
import { temporaryFolder } from '../../testing/temporaryFolder.ts';
import { NO_HISTORY } from '../runHistory.ts';
import { summaryOf } from '../testing/summaryOf.ts';
import { auditsPart } from './audits.ts';
import { judgedRows } from './objectives.ts';
import { reportPage, verdictSentence } from './page.ts';
import { madePage, madeRecord, pageOf, writeAudits } from './testing/madeRun.ts';

const folder = temporaryFolder();
after(() => folder[Symbol.dispose]());
writeAudits(folder.path);
const PAGE = madePage('a plain text', folder.path);

/** The names of the elements and of the attributes in a page. */
function namesIn(page: string): string[] {
  const withoutScript = page.replaceAll(/<(script|style)>[\s\S]*?<\/\1>/g, '<$1></$1>');
  const tags = [
    ...withoutScript.matchAll(/<([!/]?[a-zA-Z][^\s>]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/g),
  ];
  assert.equal(tags.length, withoutScript.split('<').length - 1, 'some "<" begins no element');
  const names = tags.flatMap(([, name = '', attributes = '']) => [
    name,
    ...attributes.replaceAll(/="[^"]*"/g, '=').split(/\s+/),
  ]);
  return [...new Set(names)].sort();
}

const NAMES = namesIn(PAGE);

for (const [what, text] of Object.entries(HOSTILE_TEXTS)) {
  test(`a hostile text adds no element, attribute or control character: ${what}`, () => {
    const page = madePage(text, folder.path);
    assert.deepEqual(namesIn(page), NAMES);
    assert.deepEqual(
      ['script', 'style'].map((name) => page.split(`<${name}`).length),
      [2, 2],
    );
    assert.doesNotMatch(page, /[^\P{C}\n]/u);
    assert.doesNotMatch(page, /^\s*::|##\[/m);
    assert.doesNotMatch(
      page,
      /(?:href|src)="(?!#|playwright\/index\.html|measurements\.ndjson|summary\.json|lighthouse\/run-3\.html|data:image\/jpeg;base64,[\w+/=]+")/,
    );
  });
}

test('the page allows its own style and script alone, and loads nothing', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(PAGE)?.[1] ?? '';
  for (const name of ['style', 'script']) {
    const parts = [...PAGE.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))];
    assert.equal(parts.length, 1);
    const hash = createHash('sha256').update(String(parts[0]?.[1])).digest('base64');
    assert.ok(policy.includes(`${name}-src &#39;sha256-${hash}&#39;`), policy);
  }
  assert.match(policy, /^default-src &#39;none&#39;;/);
  assert.doesNotMatch(PAGE, / style="|<link|<iframe|@import|url\((?!#)/);
});

test('the sections stand in the order of what a reader needs first', () => {
  const heads = [...PAGE.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)].map(([, text]) => text);
  assert.deepEqual(heads, [
    'What to do next',
    'Objectives',
    'Known gaps',
    'Not measured',
    'By operation',
    'History',
    'Environment and the harness itself',
    'Measurements',
  ]);
  assert.match(
    PAGE,
    /<a href="playwright\/index.html">[\s\S]*measurements\.ndjson[\s\S]*summary\.json/,
  );
});

test('the rows hold the judged objectives themselves, whose events are known', () => {
  const record = madeRecord('a plain text');
  const judged = judgedRows(summaryOf(record), record);
  assert.ok(judged.length > 0);
  for (const { objective } of judged) assert.ok(record.run.objectives.includes(objective));
});

test('ids in a list are separated, so that lines can break between them', () => {
  const record = madeRecord('a plain text');
  const notSelected = ['chat.latency.p50', 'chat.latency.p95'];
  const notMeasured = notSelected.map((id) => ({ id, reason: 'no data' }));
  const page = reportPage({
    summary: { ...summaryOf(record), notSelected, notMeasured },
    ...{ record, history: NO_HISTORY, reportDir: null, playwrightReport: null },
    rerunOf: () => ({ target: 'local', command: '' }),
  });
  const [one, other] = notSelected.map((id) => `<code>${id}</code>`);
  assert.equal(page.split(`${one}, ${other}`).length, 3);
});

test('every link within the page has its target, and no id is there twice', () => {
  const ids = [...PAGE.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  assert.deepEqual(ids, [...new Set(ids)]);
  const links = [...PAGE.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
  assert.ok(links.length > 20);
  assert.deepEqual(
    links.filter((id) => !ids.includes(id)),
    [],
  );
});

test('what is missed or inconclusive comes first, is open and says why and what is next', () => {
  const rows = [
    ...PAGE.matchAll(/<details class="objective"[^>]*?( open)?>([\s\S]*?)<\/details>/g),
  ];
  const shown = rows.map(([, open, text = '']) => {
    const word = /<\/span> (PASS|FAIL|INCONCLUSIVE|KNOWN GAP)</.exec(text)?.[1];
    return [word, open !== undefined, /<strong>Next:/.test(text)];
  });
  assert.deepEqual(
    [...new Set(shown.map((row) => row.join()))],
    ['FAIL,true,true', 'INCONCLUSIVE,true,true', 'KNOWN GAP,false,false', 'PASS,false,false'],
  );
  assert.ok(rows.every(([, , text = '']) => text.includes('<strong>Why:')));
});

test('topics come from the fault, the load, the page or the family of the metric', () => {
  const topics = [...PAGE.matchAll(/<h3>([^<]*) <small>([^<]*)<\/small>/g)].map(([, ...of]) =>
    of.join(': '),
  );
  assert.deepEqual(topics.sort(), [
    'Availability: 1 inconclusive',
    'Compared with earlier runs: 1 inconclusive',
    'Memory: 1 inconclusive',
    'Speed and calls of the model: 2 met',
    'The page: 1 inconclusive',
    'Under load: 1 missed',
    'When the model misbehaves: 1 inconclusive, 1 known gap',
  ]);
});

test('the figures are there: distribution, course, own time, slowest, retries, growth and load', () => {
  const captions = [...PAGE.matchAll(/<figcaption>([^<]*)</g)].map(([, text = '']) =>
    text.trim().replaceAll('&#39;', "'"),
  );
  for (const wanted of [
    'classify: how long each took, over the run.',
    "classify: own time and the model's time, of the requests at P50 to P99 and of the slowest of all 79.",
    'classify: where the time of the slowest went.',
    'broken model: the request with the most calls of the model, each as the provider saw it.',
    'page heap: growth.',
    'sustained: rates, response times and CPU over the load. CPU is the mean of the load or of each of its steps: a target may collect its garbage for each reading.',
  ]) {
    assert.ok(captions.includes(wanted), `${wanted} is not in ${captions.join(' | ')}`);
  }
  assert.ok(!captions.includes('classify: latency P50.'), 'one plot for the quantiles of a metric');
  assert.doesNotMatch(PAGE, /could not be drawn/);
});

test("Lighthouse's runs: their values, a link where there is a report, and the filmstrip of the median", () => {
  const cells = /<tbody>([\s\S]*?)<\/tbody>/.exec(
    PAGE.slice(PAGE.indexOf('Lighthouse&#39;s runs')),
  )?.[1];
  assert.equal(
    cells
      ?.replaceAll(/<\/tr>/g, '')
      .replaceAll(/<[^>]*>/g, '|')
      .replaceAll(/\|+/g, '|')
      .trim(),
    '|1|98 points|410.0 ms|12.0 ms|0.01|–|\n|2|98 points|450.0 ms|12.0 ms|0.01|–|\n|3|98 points|430.0 ms|12.0 ms|0.01|run-3.html|',
  );
  assert.deepEqual(
    [...PAGE.matchAll(/<img src="data:image\/jpeg;base64,[\w+/=]*" alt="([^"]*)">/g)].map(
      ([, alt]) => alt,
    ),
    ['the page after 375.0 ms', 'the page after 750.0 ms'],
  );
});

test('a run of Lighthouse without an LCP is not the median that the filmstrip shows', () => {
  using folder = temporaryFolder();
  writeAudits(folder.path);
  const audits = [undefined, undefined, 430].map((lcpMs, at) =>
    auditOf(at, {
      ...(lcpMs === undefined ? {} : { values: { lcpMs } }),
      ...(at === 2 ? { report: 'lighthouse/run-3.html' } : {}),
    }),
  );
  assert.match(String(auditsPart(audits, folder.path)), /in run 3, the median by LCP/);
});

test('a report of Lighthouse whose images are something else gives no filmstrip', () => {
  using folder = temporaryFolder();
  writeAudits(folder.path, 'javascript:alert(1)');
  const page = madePage('a plain text', folder.path);
  assert.doesNotMatch(page, /<img|alert/);
  assert.match(page, /<a href="lighthouse\/run-3\.html">run-3\.html<\/a>/);
});

test('the first screen says what is undecided, how sure, why, and what to do with which command', () => {
  const objective = { ...latencyP95, sampleBudget: 600 };
  const sayOf = (n: number, slowEvery: number, parts: Partial<RunRecord> = {}) => {
    const requests = Array.from({ length: n }, (_, at) =>
      requestOf(at, { values: { latencyMs: at % slowEvery === 9 ? 2500 : 350 } }),
    );
    const page = pageOf(recordOf([objective], { requests, ...parts }));
    const [, step = ''] = /<ul><li>([\s\S]*?)<\/li>/.exec(page) ?? [];
    return step.replaceAll(/<[^>]*>|&quot;/g, ' ').replaceAll(/\s+/g, ' ');
  };
  const command = ': npx playwright test --grep @classify.latency.p95 $';
  assert.match(sayOf(9, 100), RegExp(`none of 9 .*: too few to decide, .*about 65 .*${command}`));
  const near = sayOf(900, 26);
  assert.match(near, /P95 is 350 ms \[350, 2,500\] in 900 events, the objective &lt; 2,000 ms\./);
  assert.match(near, /too near the limit to decide, since it may be \S+ % to \S+ % of all \(95 %/);
  assert.match(near, RegExp(`Set sampleBudget of .* to \\d{4} or more .*${command}`));
  const disturbances = Array.from({ length: 10 }, (_, at) =>
    stallOf({ fromMs: STARTED_AT_MS + at * 900, durationMs: 600 }),
  );
  const disturbed = sayOf(90, 100, { disturbances });
  assert.match(disturbed, RegExp(`too disturbed to decide, .*while nothing else .*${command}`));
  assert.doesNotMatch(disturbed, /more would/);
});

test('what is slow says which request was the slowest, and where its time went', () => {
  const record = recordOf([{ ...latencyP95, objective: 300 }], {
    requests: Array.from({ length: 80 }, (_, at) =>
      requestOf(at, { values: { latencyMs: 320 + at } }),
    ),
    modelCalls: Array.from({ length: 80 }, (_, at) =>
      modelCallOf(at, { arrivedAtMs: STARTED_AT_MS + at * 100 + 4, durationMs: 30, endedMs: 30 }),
    ),
  });
  const page = pageOf(record);
  assert.match(
    page,
    /Slowest:<\/strong> <a href="#measured-5f3a9c1e-79">request-79<\/a> at 08:00:07\.900 took 399\.0 ms: 369\.0 ms of its own and 30\.0 ms in its call of the model\.<\/p>/,
  );
  assert.match(page, /<tr id="measured-5f3a9c1e-79" data-why="slowest">/);
});

test('earlier runs: a sparkline in each row, quantiles behind a distribution, how each figure moved', () => {
  const rows = PAGE.match(/<summary class="row">/g)?.length;
  assert.equal(PAGE.match(/<small>[^<]*<\/small><svg class="spark"/g)?.length, rows);
  assert.match(PAGE, /aria-label="last 12 runs: 1\.06 to 1\.43 ×"/);
  const caption =
    'classify: latency P95. Behind it: P95 and P50 of 12 earlier runs (grey dots, those of the last joined by a line) and the medians of the baseline (5 orange dots).';
  assert.ok(PAGE.includes(caption));
  assert.match(PAGE, /<th scope="row">classify\.latency<\/th>.*\+30 % between/);
  assert.match(PAGE, /<th scope="row">sustained\.latency<\/th>.*<td>no<\/td>/);
  assert.match(PAGE, /<li>Flake rate: 4\.2 %/);
  const trends = [...PAGE.matchAll(/<figcaption>([\w :]+), the median of each run/g)];
  assert.deepEqual(
    trends.map(([, name]) => name),
    ['classify: latency', 'sustained: latency'],
  );
  assert.doesNotMatch(pageOf(recordOf([latencyP95])), /History|class="spark"/);
});

test('measurements: failed ones, the slowest and a sample, and how many of how many', () => {
  const said = /Listed are (\d+) of ([\d,]+) measurements/.exec(PAGE);
  const listed = [...PAGE.matchAll(/ data-why="(\w+)"/g)].map(([, why]) => why);
  assert.deepEqual([said?.[1], said?.[2]], [String(listed.length), '1,315']);
  assert.deepEqual([...new Set(listed)], ['failed', 'slowest', 'sample']);
  // One failed alone, up to 20 under the fault, and all 12 of the load.
  assert.equal(listed.filter((why) => why === 'failed').length, 33);
});

test('a run of one objective has a small page, and one without any measurement has a page too', () => {
  const one = pageOf(recordOf([latencyP95], { requests: [requestOf(0), requestOf(1)] }));
  assert.ok(one.length < 100_000, String(one.length));
  const none = pageOf(recordOf([latencyP95]));
  assert.match(none, /The run fails: 1 of 1 objective is missed\./);
  assert.match(none, /Listed are 0 of 0 measurements/);
  assert.ok(PAGE.length < 2_000_000);
});

test('the verdict is one sentence', () => {
  const summary = summaryOf(recordOf([latencyP95], { requests: [requestOf(0)] }));
  const [judgement] = summary.objectives;
  assert.ok(judgement !== undefined);
  const say = (verdict: typeof summary.verdict, ...verdicts: (typeof summary.verdict)[]) =>
    verdictSentence({
      ...summary,
      verdict,
      objectives: verdicts.map((one) => ({ ...judgement, verdict: one })),
    });
  assert.equal(say('pass', 'pass', 'pass'), 'The run passes: all 2 objectives are met.');
  assert.equal(
    say('fail', 'pass', 'fail', 'inconclusive'),
    'The run fails: 1 of 3 objectives is missed and 1 is undecided.',
  );
  assert.equal(
    say('fail', 'pass'),
    'The run fails, though no objective is missed: see the problems below.',
  );
  assert.equal(
    say('inconclusive', 'pass', 'inconclusive'),
    'The run is inconclusive: no objective is missed, but 1 of 2 objectives is undecided.',
  );
  assert.equal(
    say('inconclusive', 'pass'),
    'The run is inconclusive: it did not come to its end, so nothing is certain.',
  );
});
