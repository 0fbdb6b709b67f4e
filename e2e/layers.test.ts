import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lineCountOf } from './commands/layers/checkFile.ts';
import { checkLayers } from './commands/layers/checkLayers.ts';
import { readSources } from './commands/layers/readSources.ts';
import { isCode } from './commands/layers/sourceFile.ts';

const { sources, repository } = readSources(fileURLToPath(new URL('..', import.meta.url)));

test('no file breaks the layers, the purity of the core, or the rules for names and lengths', (t) => {
  // Rules that are given nothing to check would be kept by everyone.
  for (const folder of ['e2e/core/', 'e2e/probes/', 'e2e/perf/', 'mocks/ai/', 'mocks/salestalk/']) {
    assert.ok(
      sources.some(({ path }) => path.startsWith(folder)),
      `nothing was read from ${folder}`,
    );
  }
  const lengths = sources
    .filter(isCode)
    .map(({ text }) => lineCountOf(text))
    .sort((a, b) => a - b);
  const median = lengths[lengths.length >> 1];
  t.diagnostic(
    `${lengths.length} files of code, median ${median} lines, longest ${lengths.at(-1)}`,
  );
  assert.deepEqual(complaintsAbout(sources), []);
});

type Planted = { path: string; text: string; complaint: RegExp };

const PLANTED: Record<string, Planted[]> = {
  'a folder imports only what stands left of it': [
    planted(
      'e2e/core/a.ts',
      "import '../load/a.ts';",
      /^e2e\/core\/a\.ts:1 imports e2e\/load\/a\.ts/,
    ),
    planted('e2e/load/b.ts', "import '../probes/a.ts';", /e2e\/load may import e2e\/core$/),
    planted('e2e/probes/b.ts', "import '../salestalk/a.ts';", /imports e2e\/salestalk\/a\.ts/),
    planted('e2e/history/b.ts', "import '../salestalk/a.ts';", /imports e2e\/salestalk\/a\.ts/),
    planted('e2e/matchers/b.ts', "import '../fixtures/a.ts';", /imports e2e\/fixtures\/a\.ts/),
    planted('e2e/fixtures/b.ts', "import '../perf/a.ts';", /imports e2e\/perf\/a\.ts/),
    planted('e2e/fixtures/b.ts', "import '../report/a.ts';", /imports e2e\/reporter\/a\.ts/),
    planted('e2e/smoke/b.ts', "import '../perf/a.ts';", /imports e2e\/perf\/a\.ts/),
    planted('e2e/history/b.ts', "import '../probes/a.ts';", /imports e2e\/probes\/a\.ts/),
    planted('e2e/report/b.ts', "import '../probes/a.ts';", /imports e2e\/probes\/a\.ts/),
    planted('e2e/report/b.ts', "import '../salestalk/a.ts';", /imports e2e\/salestalk\/a\.ts/),
    planted('e2e/commands/b.ts', "import '../probes/a.ts';", /imports e2e\/probes\/a\.ts/),
    planted('e2e/core/b.ts', "import '../../playwright.config.ts';", /imports playwright\.config/),
    // A test is bound by the layers as well.
    planted('e2e/core/b.test.ts', "import '../probes/a.ts';", /imports e2e\/probes\/a\.ts/),
  ],
  'mocks and e2e share nothing, nor do the two mocks': [
    planted('mocks/ai/b.ts', "import '../../e2e/core/a.ts';", /imports e2e\/core\/a\.ts/),
    planted('e2e/fixtures/b.ts', "import '../../mocks/a.ts';", /imports mocks\/a\.ts/),
    planted('e2e/b.test.ts', "import '../mocks/ai/a.ts';", /imports mocks\/ai\/a\.ts/),
    planted('mocks/ai/b.ts', "import '../salestalk/a.ts';", /imports mocks\/salestalk\/a\.ts/),
    planted('mocks/salestalk/b.ts', "import '../ai/a.ts';", /imports mocks\/ai\/a\.ts/),
    planted('mocks/b.ts', "import './ai/a.ts';", /mocks may import nothing else$/),
  ],
  'every kind of import counts': [
    planted('e2e/core/b.ts', "import type { A } from '../load/a.ts';", /imports e2e\/load/),
    planted('e2e/core/b.ts', "import { type A } from '../load/a.ts';", /imports e2e\/load/),
    planted('e2e/core/b.ts', "export * from '../load/a.ts';", /imports e2e\/load/),
    planted('e2e/core/b.ts', "export { a } from '../load/a.ts';", /imports e2e\/load/),
    planted('e2e/core/b.ts', "const a = await import('../load/a.ts');", /imports e2e\/load/),
    planted('e2e/core/b.ts', "let a: import('../load/a.ts').A;", /imports e2e\/load/),
    planted('e2e/load/b.ts', "const a = require('../probes/a.ts');", /imports e2e\/probes/),
    planted('e2e/load/b.ts', "import a = require('../probes/a.ts');", /imports e2e\/probes/),
    planted('e2e/load/b.ts', 'await import(name);', /imports something computed/),
    planted('e2e/core/b.ts', "\n\nimport '../load/a.ts';", /^e2e\/core\/b\.ts:3 /),
  ],
  'the core and the charts are pure': [
    planted(
      'e2e/core/b.ts',
      "import { test } from '@playwright/test';",
      /imports @playwright\/test/,
    ),
    planted('e2e/core/b.ts', "import type { Page } from '@playwright/test';", /@playwright\/test/),
    planted('e2e/core/b.ts', "import { readFileSync } from 'node:fs';", /imports node:fs/),
    planted(
      'e2e/history/b.ts',
      "import { writeFile } from 'node:fs/promises';",
      /node:fs\/promises/,
    ),
    planted('e2e/core/b.ts', 'const now = Date.now();', /uses Date\.now/),
    planted('e2e/core/b.ts', "const now = Date['now']();", /uses Date\.now/),
    planted('e2e/core/b.ts', 'const now = new Date();', /uses new Date\(\)/),
    planted('e2e/core/b.ts', 'const now = Date();', /uses Date\(\)/),
    planted('e2e/core/b.ts', 'const now = performance.now();', /uses performance/),
    planted('e2e/core/b.ts', 'const x = Math.random();', /uses Math\.random/),
    planted('e2e/core/b.ts', 'const x = process.env.X;', /uses process/),
    planted('e2e/core/b.ts', 'const { env } = process;', /uses process/),
    planted('e2e/history/b.ts', 'const id = crypto.randomUUID();', /uses crypto/),
    planted('e2e/core/b.ts', 'const x = globalThis.process;', /uses globalThis/),
  ],
  'the product is named by its drivers alone': [
    planted('e2e/core/b.ts', "const title = 'SalesTalk';", /names the product/),
    planted('e2e/load/b.ts', 'const salesTalkUrl = 1;', /names the product/),
    planted('e2e/report/b.ts', 'const title = `report of salestalk`;', /names the product/),
    planted('e2e/probes/b.ts', 'env.SALESTALK_API_URL;', /^e2e\/probes\/b\.ts:1 names/),
    planted('e2e/history/b.ts', 'class SalesTalkHistory {}', /names the product/),
  ],
  'an import says exactly what it imports': [
    planted('e2e/core/b.ts', "import './a';", /imports \.\/a, which is no file/),
    planted('e2e/core/b.ts', "import './a.js';", /imports \.\/a\.js, which is no file/),
    planted('e2e/load/b.ts', "import 'fs';", /imports fs without "node:"/),
    planted('e2e/load/b.ts', "import 'left-pad/x';", /imports left-pad, which package\.json/),
    planted('e2e/load/b.ts', "import '@scope/pad';", /imports @scope\/pad, which package\.json/),
    planted('e2e/core/b.ts', "import './testing/a.ts';", /which is for tests/),
  ],
  'names, places and lengths': [
    planted('e2e/core/utils.ts', '', /is named "utils"/),
    planted('e2e/core/dateHelpers.ts', '', /is named "dateHelpers"/),
    planted('mocks/ai/common/a.ts', '', /is named "common"/),
    planted('mocks/salestalk/sessionManager.ts', '', /is named "sessionManager"/),
    planted('e2e/loose.ts', '', /is in no layer/),
    planted('e2e/elsewhere/a.ts', '', /has no place in the layers/),
    planted('mocks/other/a.ts', '', /has no place in the layers/),
    planted('e2e/core/long.ts', '\n'.repeat(251), /has 251 lines; 250 are allowed/),
    planted('mocks/salestalk/ui/long.css', 'a\n'.repeat(251), /has 251 lines/),
  ],
};

for (const [rule, plants] of Object.entries(PLANTED)) {
  test(`planted: ${rule}`, () => {
    for (const { path, text, complaint } of plants) {
      const complaints = complaintsAbout([{ path, text }]);
      assert.equal(complaints.length, 1, `${path} «${text}» gave ${complaints.length} complaints`);
      assert.match(complaints[0] ?? '', complaint);
    }
  });
}

test('the clean twins of what was planted stay green', () => {
  const clean = [
    { path: 'e2e/perf/b.spec.ts', text: "import { test } from '../fixtures/a.ts';" },
    { path: 'e2e/matchers/b.ts', text: "import type { A } from '../charts/a.ts';" },
    { path: 'e2e/report/b.ts', text: "import '../history/a.ts'; import '../charts/a.ts';" },
    { path: 'e2e/commands/b.ts', text: "import '../probes/findBrowser.ts';" },
    { path: 'e2e/commands/b.ts', text: "const script = 'mocks/ai/main.ts';" },
    { path: 'mocks/ai/b.ts', text: "import '../a.ts'; import data from '../../package.json';" },
    { path: 'e2e/core/b.ts', text: "import { z } from 'zod/v4'; import './a.ts';" },
    { path: 'e2e/core/b.test.ts', text: "import 'node:fs'; Date.now(); import './testing/a.ts';" },
    { path: 'e2e/core/b.ts', text: '// Math.random() and salestalk\nconst text = "Date.now()";' },
    { path: 'e2e/core/b.ts', text: 'const at = new Date(atMs); run.process; ({ process: 1 });' },
    { path: 'e2e/probes/b.ts', text: 'await using x = open(); Date.now(); process.pid;' },
    { path: 'e2e/salestalk/b.ts', text: "const product = 'SalesTalk';" },
    { path: 'e2e/core/commonRandomNumbers.ts', text: '\n'.repeat(250) },
  ];
  assert.deepEqual(complaintsAbout(clean), []);
});

function planted(path: string, text: string, complaint: RegExp): Planted {
  return { path, text, complaint };
}

/** Beside the real files, every layer has an `a.ts` that a planted file may import. */
function complaintsAbout(checked: typeof sources): string[] {
  const folders = ['core', 'charts', 'load', 'probes', 'salestalk', 'history', 'matchers'];
  folders.push('fixtures', 'reporter', 'perf', 'core/testing');
  const virtual = folders.map((folder) => `e2e/${folder}/a.ts`);
  virtual.push('mocks/a.ts', 'mocks/ai/a.ts', 'mocks/salestalk/a.ts');
  const files = new Set([...repository.files, ...virtual]);
  return checkLayers(checked, { ...repository, files }).map(
    ({ path, line, message }) => `${path}:${line} ${message}`,
  );
}
