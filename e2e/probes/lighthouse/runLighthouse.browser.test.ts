import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../../core/harnessError.ts';
import { closedPort, fakeServer } from '../testing/fakeServer.ts';
import { type AuditOptions, type FlowOptions, writeReport } from './audit.ts';
import { LighthouseProcess } from './runLighthouse.ts';
import { faultyPage, PLANTED_FAULTS } from './testing/faultyPage.ts';

/* An audit takes seconds, most of it waiting, so there is one of each kind, and two run at once: no checked value depends on that. */

const folder = await mkdtemp(path.join(os.tmpdir(), 'lighthouse-test-'));
// The profiles go here as well, which shows one that is left.
const { TMPDIR } = process.env;
process.env.TMPDIR = folder;
after(async () => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  await rm(folder, { recursive: true });
});
const SECRET = 'a secret of some length';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';
const NOWHERE = 'http://127.0.0.1:1/';

const options = (url: string, name: string): AuditOptions => ({
  url,
  formFactor: 'desktop',
  categories: ['performance'],
  timeoutMs: 60_000,
  reportPath: path.join(folder, name, 'lighthouse.html'),
  secrets: [SECRET],
});

async function auditOnce(audit: AuditOptions) {
  await using lighthouse = new LighthouseProcess();
  return await lighthouse.auditNavigation(audit);
}

describe('Lighthouse', { concurrency: 2 }, () => {
  test('every planted fault shows in its own value, and none on the clean page', async () => {
    await using clean = await faultyPage([]);
    await using faulty = await faultyPage(PLANTED_FAULTS);
    const [good, bad] = await Promise.all([
      auditOnce(options(clean.url, 'clean')),
      auditOnce(options(faulty.url, 'faulty')),
    ]);
    assert.equal(good.cls, 0);
    assert.ok(bad.cls > 0.1, `cls ${bad.cls}`);
    assert.ok(bad.tbtMs > good.tbtMs + 200, `tbt ${bad.tbtMs}`);
    // The wait for a slow file shows in the observed value: 400 ms for a script, 800 ms for the picture.
    assert.ok(bad.observedLcpMs > 1200, `lcp ${bad.observedLcpMs}`);
    assert.ok((bad.scores.performance ?? 1) < (good.scores.performance ?? 0));
    assert.equal(good.unusedBytes, 0);
    assert.ok(bad.unusedBytes > 100_000, `unused ${bad.unusedBytes}`);
    assert.ok(bad.totalBytes > good.totalBytes + 950_000, `total ${bad.totalBytes}`);
    const report = await readFile(path.join(folder, 'faulty', 'lighthouse.html'), 'utf8');
    assert.match(report, /__LIGHTHOUSE_JSON__/);
  });

  test('a flow signs in, acts, and leaves no token anywhere', async () => {
    await using server = await faultyPage([]);
    await using lighthouse = new LighthouseProcess();
    const { timespan, navigation } = await lighthouse.auditFlow({
      ...options(`${server.url}/?key=${TOKEN}`, 'flow'),
      categories: ['performance', 'accessibility', 'best-practices'],
      ...steps({ token: TOKEN }),
    });
    // The button's work is 200 ms, of which 150 block.
    assert.ok(timespan.inpMs !== null && timespan.inpMs >= 190, `INP ${timespan.inpMs}`);
    assert.ok(timespan.tbtMs >= 140, `TBT ${timespan.tbtMs}`);
    assert.equal(timespan.cls, 0);
    // A timespan has no accessibility; the flow has the score of its navigation.
    assert.deepEqual(Object.keys(navigation.scores).sort(), [
      'accessibility',
      'best-practices',
      'performance',
    ]);
    const html = await readFile(path.join(folder, 'flow', 'lighthouse.html'), 'utf8');
    assert.match(html, /__LIGHTHOUSE_FLOW_JSON__/);
    assert.match(html, /\[secret removed\]/);
    assert.doesNotMatch(html, /eyJhbGciOiJIUzI1NiJ9/);
    // Pictures show the navigation, not what is typed after it.
    assert.equal(html.match(/"screenshot-thumbnails":\{/g)?.length, 1);
  });

  test('a page that cannot be opened, or answers with an error, has no values', async () => {
    const closed = `http://127.0.0.1:${await closedPort()}/`;
    await assert.rejects(
      auditOnce(options(closed, 'closed')),
      failsWith(/FAILED_DOCUMENT_REQUEST|CHROME_INTERSTITIAL_ERROR/),
    );
    assert.ok(!existsSync(path.join(folder, 'closed')), 'a report was written');
  });

  test('a failure of the steps is reported without the token that it names', async () => {
    await using server = await faultyPage([]);
    await using lighthouse = new LighthouseProcess();
    await assert.rejects(
      lighthouse.auditFlow({
        ...options(server.url, 'failing'),
        ...steps({ token: SECRET, fail: 'no such button' }),
      }),
      failsWith(/^no such button \[secret removed\]/),
    );
  });

  test('refuses a secret that is too short', async () => {
    await assert.rejects(
      auditOnce({ ...options(NOWHERE, 'short'), secrets: ['abc'] }),
      /at least 12 characters/,
    );
  });
});

function steps(input: { token: string; fail?: string }) {
  return { stepsModule: fileURLToPath(new URL('./testing/steps.ts', import.meta.url)), input };
}

function failsWith(found: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof HarnessError, String(error));
    assert.equal(error.code, 'LIGHTHOUSE_FAILED');
    assert.match(error.details.found ?? '', found);
    return true;
  };
}

async function profiles(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('lighthouse-'));
}

// By itself, since other audits have profiles.
test('an audit that takes too long is ended, and leaves no profile behind', async () => {
  await using silent = await fakeServer(() => undefined);
  await assert.rejects(
    auditOnce({ ...options(silent.url, 'silent'), timeoutMs: 5000 }),
    failsWith(/nothing after 5 s/),
  );
  assert.deepEqual(await profiles(), []);
});

test('when the parent is killed, the child and the browser end, and the profile goes', {
  timeout: 30_000,
}, async () => {
  const { promise: asked, resolve } = Promise.withResolvers<IncomingMessage>();
  await using silent = await fakeServer(resolve);
  const script = fileURLToPath(new URL('./testing/auditUntilEnded.ts', import.meta.url));
  const flags = process.versions.deno === undefined ? [] : ['run', '-A'];
  const parent = spawn(process.execPath, [...flags, script, silent.url], { stdio: 'ignore' });
  const { socket } = await asked;
  // Under Deno a broken connection is an error as well.
  socket.on('error', () => undefined);
  const left = new Promise((resolve) => socket.once('close', resolve));
  parent.kill('SIGKILL');
  await left;
  // The browser goes first.
  while ((await profiles()).length > 0) await sleep(50);
});

/** Options of a flow whose child imports this module before it starts a browser. */
async function importing(name: string, code: string): Promise<FlowOptions> {
  const stepsModule = path.join(folder, `${name}.mjs`);
  await writeFile(stepsModule, code);
  return { ...options(NOWHERE, name), stepsModule, input: null };
}

for (const [what, code, found] of [
  ['ends without a word', 'process.exit(3)', /^exit status 3, without an answer\.$/],
  ['has no steps', 'export const act = 1', /exports no function "interact"/],
  ['fails', `throw new Error("${SECRET}")`, /^\[secret removed\]$/],
  [
    'ends with a secret in its last words',
    `console.error("${SECRET}"); process.exit(1)`,
    /^exit status 1, without an answer\. \[secret removed\]$/,
  ],
] as const) {
  test(`a child whose module ${what} is an error`, async () => {
    await using lighthouse = new LighthouseProcess();
    const flow = await importing(what.replaceAll(' ', '-'), code);
    await assert.rejects(lighthouse.auditFlow(flow), failsWith(found));
  });
}

/** Code that notes each start of a child with `x`, and each later order with `.`. */
const noting = (file: string) => `import { appendFileSync } from 'node:fs';
  appendFileSync(${JSON.stringify(file)}, 'x');
  process.on('message', () => appendFileSync(${JSON.stringify(file)}, '.'));`;

for (const [reason, notes] of [
  ['NO_NAVSTART: please run Lighthouse again', 'x..'],
  ['NO_FCP: the page did not paint', 'x..'],
  ['NO_DOCUMENT_REQUEST: nothing was asked for', 'x'],
] as const) {
  test(`after ${reason.split(':')[0]} there are ${notes.length} audits in all`, async () => {
    const file = path.join(folder, `retries-${reason.split(':')[0]}.txt`);
    const code = `${noting(file)} throw new Error(${JSON.stringify(reason)});`;
    await using lighthouse = new LighthouseProcess();
    const flow = await importing(`retries-${reason.split(':')[0]}`, code);
    await assert.rejects(lighthouse.auditFlow(flow), failsWith(new RegExp(reason)));
    assert.equal(await readFile(file, 'utf8'), notes);
  });
}

test('a child serves one order after the other, and is replaced once it has died', async () => {
  const file = path.join(folder, 'starts.txt');
  await using lighthouse = new LighthouseProcess();
  const fails = await importing('fails-thrice', `${noting(file)} throw new Error('no steps');`);
  const dies = await importing('dies', 'process.exit(4)');
  await assert.rejects(lighthouse.auditFlow(fails), failsWith(/no steps/));
  await assert.rejects(lighthouse.auditFlow(fails), failsWith(/no steps/));
  assert.equal(await readFile(file, 'utf8'), 'x.');
  await assert.rejects(lighthouse.auditFlow(dies), failsWith(/exit status 4, without an answer/));
  await assert.rejects(lighthouse.auditFlow(fails), failsWith(/no steps/));
  assert.equal(await readFile(file, 'utf8'), 'x..x');
});

test('writes a report into a new folder, but none that holds a secret', async () => {
  const reportPath = path.join(folder, 'new', 'report.html');
  await writeReport('<p>all well</p>', { reportPath, secrets: [SECRET] });
  assert.equal(await readFile(reportPath, 'utf8'), '<p>all well</p>');
  const refused = { reportPath: path.join(folder, 'other', 'report.html'), secrets: [SECRET] };
  for (const secret of [SECRET, 'eyJhbGciOiJI.eyJzdWIiOiJh.c2ln']) {
    await assert.rejects(writeReport(`<p>${secret}</p>`, refused), /holds a secret/);
  }
  assert.ok(!existsSync(path.dirname(refused.reportPath)));
});
