import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ROOT, TOOLS } from './commands/tools.ts';

/** The layers of e2e, and what each may import beside itself. Biome enforces that by `e2e/layers.json`. */
const PURE_LAYERS = ['core', 'metrics'];
const INSTRUMENTS = [...PURE_LAYERS, 'probes', 'engine', 'history', 'salestalk'];
const BELOW_FIXTURES = [
  ...INSTRUMENTS,
  ...['setup', 'workloads', 'diagnosis', 'matchers', 'report'],
];
const MAY_IMPORT: Record<string, string[]> = {
  core: [],
  metrics: ['core'],
  probes: PURE_LAYERS,
  engine: PURE_LAYERS,
  history: PURE_LAYERS,
  salestalk: [...PURE_LAYERS, 'probes'],
  setup: INSTRUMENTS,
  workloads: [...INSTRUMENTS, 'setup'],
  diagnosis: BELOW_FIXTURES,
  matchers: BELOW_FIXTURES,
  report: [...PURE_LAYERS, 'history'],
  calibration: [...PURE_LAYERS, 'history', 'engine'],
  compare: [...INSTRUMENTS, 'setup', 'workloads', 'report'],
  k6: [...INSTRUMENTS, 'setup', 'workloads'],
  commands: [...PURE_LAYERS, 'history', 'calibration', 'report'],
  perf: BELOW_FIXTURES,
  experience: BELOW_FIXTURES,
  load: BELOW_FIXTURES,
  smoke: BELOW_FIXTURES,
  selfcheck: BELOW_FIXTURES,
  costs: BELOW_FIXTURES,
};
const SPECS = ['perf', 'experience', 'load', 'smoke', 'selfcheck', 'costs'];
const UNRESTRICTED = ['bench', 'testing'];

type Planted = { path: string; text: string; rule: RegExp | null };

const LAYERS: Planted[] = Object.keys(MAY_IMPORT).flatMap((from) =>
  Object.keys(MAY_IMPORT).map((to) => {
    const isAllowed = MAY_IMPORT[from]?.includes(to) || from === to;
    const target = SPECS.includes(to) ? 'x.spec.ts' : 'x.ts';
    const specifier = from === to ? './x.ts' : `../${to}/${target}`;
    return planted(`e2e/${from}/${to}.ts`, `import '${specifier}';`, isAllowed ? null : 'Imports');
  }),
);

const CORE_PARTS = ['statistics', 'budget', 'record', 'verdict'];
const CORE: Planted[] = CORE_PARTS.flatMap((from, at) =>
  CORE_PARTS.filter((to) => to !== from).map((to) => {
    const isAllowed = CORE_PARTS.indexOf(to) < at;
    const text = `import '../${to}/x.ts';`;
    return planted(`e2e/core/${from}/${to}.ts`, text, isAllowed ? null : 'Imports');
  }),
);

const CYCLES = [
  planted('e2e/engine/circleA.ts', "export { b } from './circleB.ts';", 'noImportCycles'),
  planted('e2e/engine/circleB.ts', "export { a } from './circleA.ts';", 'noImportCycles'),
  planted('e2e/engine/typesA.ts', "export type { B } from './typesB.ts';", 'noImportCycles'),
  planted('e2e/engine/typesB.ts', "export type { A } from './typesA.ts';", 'noImportCycles'),
  planted('e2e/engine/lineA.ts', "export { b } from './lineB.ts';", null),
  planted('e2e/engine/lineB.ts', 'export const b = 1;', null),
];

const EXCEPTIONS = [
  planted('e2e/core/a.ts', "import '../fixtures.ts';", 'Imports'),
  planted('e2e/perf/a.ts', "import '../fixtures.ts';", null),
  planted('e2e/perf/b.ts', "import '../declaredMeasurements.ts';", 'Imports'),
  planted('e2e/smoke/a.ts', "import '../../playwright.config.ts';", 'Imports'),
  planted('e2e/report/a.ts', "import '../setup/secretsOfRun.ts';", null),
  planted('e2e/report/charts/a.ts', "import '../../setup/a.ts';", 'Imports'),
  planted('e2e/commands/a.ts', "import '../probes/chromium.ts';", null),
  planted('e2e/compare/a.ts', "import '../commands/tools.ts';", null),
  planted('e2e/probes/page/a.ts', "import '../testing/a.ts';", 'Imports'),
  planted('e2e/probes/a.test.ts', "import './testing/a.ts'; import '../engine/a.ts';", null),
];

const MOCKS = [
  planted('mocks/ai/a.ts', "import '../../e2e/core/a.ts';", 'Imports'),
  planted('mocks/ai/b/a.ts', "import '../../salestalk/a.ts';", 'Imports'),
  planted('mocks/ai/b.ts', "import '../a.ts'; import '../../package.json';", null),
  planted('mocks/salestalk/a.ts', "import '../ai/a.ts';", 'Imports'),
  planted('mocks/salestalk/api/a.ts', "import '../../ai/a.ts';", 'Imports'),
  planted('mocks/salestalk/api/b/a.ts', "import '../../../ai/a.ts';", 'Imports'),
  planted('mocks/salestalk/api/b/b.ts', "import '../ai/a.ts';", null),
  planted('mocks/a.ts', "import './ai/a.ts';", 'Imports'),
  planted('e2e/workloads/mocks.ts', "import '../../mocks/a.ts';", 'Imports'),
  planted('e2e/bench/mocks.ts', "import '../../mocks/a.ts';", 'Imports'),
  planted('e2e/mocks.test.ts', "import '../mocks/ai/a.ts';", 'Imports'),
  planted('e2e/bench/path.ts', "export const script = 'mocks/ai/main.ts';", null),
];

const KINDS_OF_IMPORT = [
  "import type { A } from '../engine/a.ts';",
  "import { type A } from '../engine/a.ts';",
  "export * from '../engine/a.ts';",
  "export { a } from '../engine/a.ts';",
  "export const a = await import('../engine/a.ts');",
  "import a = require('../engine/a.ts');",
].map((text, at) => planted(`e2e/core/kind${at}.ts`, text, 'Imports'));

const PURE = [
  planted('e2e/core/playwright.ts', "import '@playwright/test';", 'Imports'),
  planted('e2e/core/files.ts', "import 'node:fs/promises';", 'noNodejsModules'),
  planted('e2e/history/files.ts', "import 'node:fs';", 'noNodejsModules'),
  planted('e2e/core/now.ts', 'export const now = Date.now();', 'Properties'),
  planted('e2e/core/computedNow.ts', "export const now = Date['now']();", 'Properties'),
  planted('e2e/core/random.ts', 'export const x = Math.random();', 'Properties'),
  planted('e2e/core/newDate.ts', 'export const now = new Date();', 'plugin'),
  planted('e2e/core/date.ts', 'export const now = Date();', 'plugin'),
  planted('e2e/core/performance.ts', 'export const now = performance.now();', 'Globals'),
  planted('e2e/core/env.ts', 'export const x = process.env.X;', 'Globals'),
  planted('e2e/core/process.ts', 'export const { env } = process;', 'Globals'),
  planted('e2e/core/global.ts', 'export const x = globalThis.process;', 'Globals'),
  planted('e2e/history/id.ts', 'export const id = crypto.randomUUID();', 'Globals'),
  planted('e2e/core/zod.ts', "import 'zod/v4'; import 'pure-rand';", null),
  planted('e2e/core/given.ts', 'export const at = (ms) => new Date(ms).process;', null),
  planted('e2e/core/text.ts', '// Math.random()\nexport const text = "Date.now()";', null),
  planted('e2e/core/a.test.ts', "import 'node:fs'; Date.now();", null),
  planted('e2e/probes/pid.ts', 'export const pid = process.pid + Date.now();', null),
];

const PRODUCT = [
  planted('e2e/core/string.ts', "export const title = 'SalesTalk';", 'plugin'),
  planted('e2e/engine/name.ts', 'export const salesTalkUrl = 1;', 'plugin'),
  planted('e2e/report/template.ts', 'export const title = `report of salestalk`;', 'plugin'),
  planted('e2e/probes/member.ts', 'env.SALESTALK_API_URL;', 'plugin'),
  planted('e2e/history/class.ts', 'export class SalesTalkHistory {}', 'plugin'),
  planted('e2e/core/comment.ts', '// salestalk\nexport const at = 1;', null),
  planted('e2e/salestalk/name.ts', "export const product = 'SalesTalk';", null),
];

const PACKAGES = [
  planted('e2e/engine/fs.ts', "import 'fs';", 'useNodejsImportProtocol'),
  planted('e2e/engine/pad.ts', "import 'left-pad/x';", 'noUndeclaredDependencies'),
  planted('e2e/engine/hono.ts', "import 'hono';", null),
];

const RULES: Record<string, Planted[]> = {
  'A folder imports only the layers below it': [...LAYERS, ...EXCEPTIONS],
  'Inside core, verdict imports record, record budget, and budget statistics': CORE,
  'Files do not import each other in a circle': CYCLES,
  'e2e and the mocks import nothing of each other, nor do the two mocks': MOCKS,
  'Every kind of import counts': KINDS_OF_IMPORT,
  'Pure code reads no clock, chance, file or environment': PURE,
  'Only the driver, the set-up and the specs name the product': PRODUCT,
  'An import names a package of package.json, or a built-in with "node:"': PACKAGES,
};

const found = lint(Object.values(RULES).flat());

for (const [title, plants] of Object.entries(RULES)) {
  test(title, () => {
    assert.deepEqual(
      plants.filter(({ path, rule }) => !isAsExpected(found.get(path) ?? [], rule)),
      [],
    );
  });
}

test('Every folder of e2e is a layer or has no restriction', () => {
  const folders = globSync('*/', { cwd: join(ROOT, 'e2e') });
  assert.ok(folders.length > 10);
  const known = [...Object.keys(MAY_IMPORT), ...UNRESTRICTED];
  assert.deepEqual(
    folders.filter((folder) => !known.includes(folder)),
    [],
  );
});

function planted(path: string, text: string, rule: string | null): Planted {
  return { path, text, rule: rule === null ? null : new RegExp(rule) };
}

function isAsExpected(categories: string[], rule: RegExp | null): boolean {
  return rule === null ? categories.length === 0 : categories.some((name) => rule.test(name));
}

/** Lints files with the rules of this repository, and returns the broken rules by file. */
function lint(files: Planted[]): Map<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  try {
    for (const file of globSync(['.biome.json', 'package.json', 'e2e/layers.json', 'e2e/*.grit'], {
      cwd: ROOT,
    })) {
      cpSync(join(ROOT, file), join(folder, file));
    }
    for (const { path, text } of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [file, ...args] = TOOLS.biome;
    const options = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none'];
    const { stdout, stderr } = spawnSync(file, [...args, ...options], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.match(stdout, /^\{/, stderr);
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { category: string; severity: string; location: { path: string } }[];
    };
    const categories = new Map<string, string[]>();
    for (const { category, severity, location } of diagnostics) {
      if (severity !== 'error') continue;
      categories.set(location.path, [...(categories.get(location.path) ?? []), category]);
    }
    return categories;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
