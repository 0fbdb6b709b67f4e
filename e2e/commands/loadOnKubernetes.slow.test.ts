import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Job } from 'kubernetes-types/batch/v1.js';
import type { ConfigMap } from 'kubernetes-types/core/v1.js';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { ROOT } from './tools.ts';

const scriptOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const SECRETS = {
  SALESTALK_JWT_SECRET: 'secret-of-the-tokens',
  SALESTALK_TOKENS: 'acme-corp-001=secret.of.acme',
  AI_MOCK_CONTROL_TOKEN: 'secret-of-the-mock',
};
const MOCK = 'http://mock.example:11435';
const LAB = {
  extends: 'common.json',
  hosts: ['salestalk.example', 'mock.example'],
  ceilings: {
    ...{ requestsPerSecond: 100, requestsPerRun: 20_000, durationSeconds: 600 },
    ...{ paidModelCalls: 0, load: true, faults: false },
  },
};

/** Runs a command in a folder with the budgets of this repository and one named "lab". */
function run(folder: string, script: string, args: string[], variables: object = {}) {
  cpSync(join(ROOT, 'budgets'), join(folder, 'budgets'), { recursive: true });
  const lab = join(folder, 'budgets', 'lab.json');
  if (!existsSync(lab)) writeFileSync(lab, JSON.stringify(LAB));
  const env = {
    ...process.env,
    ...{ SALESTALK_TARGET: 'lab', SALESTALK_API_URL: 'https://salestalk.example', ...SECRETS },
    AI_MOCK_CONTROL_URL: MOCK,
    ...variables,
  };
  const options = { cwd: folder, env, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [scriptOf(script), ...args], options);
}

const START = '2127-01-15T12:00:00.000Z';
const ARGS = ['--parallelism', '20', '--load', 'sustained', '--start-at', START];

function writtenBy(folder: string) {
  const { status, stderr, stdout } = run(folder, 'loadOnKubernetes.ts', ARGS);
  assert.equal(status, 0, stderr);
  const text = readFileSync(join(folder, 'perf-report-k8s', 'manifests.json'), 'utf8');
  const [budget, claim, shards, verdict] = JSON.parse(text).items as [ConfigMap, object, Job, Job];
  return { stdout, text, budget, claim, shards, verdict };
}

/** Runs the command of a container with a program `node` that prints what it was started with. */
function runContainer(folder: string, { spec }: Job, variables: object = {}): string[] {
  const [shell = '', flag = '', script = ''] = spec?.template.spec?.containers[0]?.command ?? [];
  const node = join(folder, 'node');
  writeFileSync(node, '#!/bin/sh\nfor word in "$PERF_REPORT_DIR" "$@"; do echo "$word"; done\n');
  chmodSync(node, 0o755);
  const here = script.replaceAll('/records/', `${folder}/records/`);
  const env = { PATH: `${folder}:${process.env.PATH}`, ...variables };
  const { stdout } = spawnSync(shell, [flag, here], { env, encoding: 'utf8', timeout: 5_000 });
  return stdout.trim().replaceAll(folder, '').split('\n');
}

const skip = process.platform === 'win32';

test('each pod offers a shard, and the last Job judges the records of all', { skip }, () => {
  using folder = temporaryFolder();
  const { shards, verdict } = writtenBy(folder.path);
  const { completionMode, completions, parallelism, backoffLimitPerIndex } = shards.spec ?? {};
  assert.deepEqual(
    { completionMode, completions, parallelism, backoffLimitPerIndex },
    { completionMode: 'Indexed', completions: 20, parallelism: 20, backoffLimitPerIndex: 0 },
  );
  assert.deepEqual(runContainer(folder.path, shards, { JOB_COMPLETION_INDEX: '4' }), [
    '/records/perf-load-21270115t120000/shard-5',
    'e2e/commands/bootstrap.mjs',
    ...['load', '--shard', '5/20', '--load', 'sustained', '--start-at', START],
  ]);
  const records = join(folder.path, 'records', 'perf-load-21270115t120000');
  const folders = Array.from({ length: 20 }, (_, at) => `shard-${at + 1}`);
  for (const name of folders) {
    mkdirSync(join(records, name), { recursive: true });
    writeFileSync(join(records, name, 'summary.md'), '');
  }
  const [report, , command, ...given] = runContainer(folder.path, verdict);
  assert.deepEqual([report, command], ['/records/perf-load-21270115t120000/report', 'report']);
  assert.deepEqual(
    given,
    folders.map((name) => `/records/perf-load-21270115t120000/${name}`).toSorted(),
  );
});

test('no secret stands in what is written: pods get it from a Secret', () => {
  using folder = temporaryFolder();
  const { stdout, text, shards } = writtenBy(folder.path);
  const image = readFileSync(join(folder.path, 'perf-report-k8s', 'Containerfile'), 'utf8');
  for (const written of [stdout, text, image]) assert.doesNotMatch(written, /secret[-.]of/);
  const [container] = shards.spec?.template.spec?.containers ?? [];
  assert.deepEqual(container?.envFrom, [{ secretRef: { name: 'perf-load' } }]);
  assert.deepEqual(container?.env, [
    { name: 'SALESTALK_TARGET', value: 'lab' },
    { name: 'SALESTALK_API_URL', value: 'https://salestalk.example' },
    { name: 'AI_MOCK_CONTROL_URL', value: MOCK },
  ]);
});

test('the pods judge by the budget of this machine, with what it inherits', () => {
  using folder = temporaryFolder();
  const { budget } = writtenBy(folder.path);
  using pod = temporaryFolder();
  mkdirSync(join(pod.path, 'budgets'));
  writeFileSync(join(pod.path, 'budgets', 'lab.json'), budget.data?.['lab.json'] ?? '');
  const here = run(folder.path, 'printBudget.ts', ['lab']);
  const there = run(pod.path, 'printBudget.ts', ['lab']);
  assert.equal(there.status, 0, there.stderr);
  assert.equal(there.stdout, here.stdout);
});

test('what must not or cannot be driven is refused before anything is written', () => {
  for (const [message, variables, args = ARGS] of [
    [/HOST_NOT_ALLOWED: .*API_URL/, { SALESTALK_API_URL: 'https://other.example' }],
    [/HOST_NOT_ALLOWED: .*CONTROL_URL/, { AI_MOCK_CONTROL_URL: 'http://other.example:1' }],
    [/in a pod is the pod itself/, { AI_MOCK_CONTROL_URL: 'http://127.0.0.1:1' }],
    [/paidModelCalls[\s\S]*no AI mock/, { AI_MOCK_CONTROL_URL: '' }],
    [/cannot share a SalesTalk/, { SALESTALK_TARGET: 'local' }],
    [/none \(see ceilings → load\)/, { SALESTALK_TARGET: 'staging' }],
    [/load "capacity"/, {}, ['--load', 'capacity']],
    [/--parallelism 0: expected/, {}, ['--parallelism', '0']],
    [/--start-at 2026-01-01: expected/, {}, ['--start-at', '2026-01-01']],
    [/SHARD_INVALID: .*what to drive/, { SALESTALK_API_URL: '' }],
  ] as [RegExp, object, string[]?][]) {
    using folder = temporaryFolder();
    const { status, stderr } = run(folder.path, 'loadOnKubernetes.ts', args, variables);
    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.equal(existsSync(join(folder.path, 'perf-report-k8s')), false);
  }
});
