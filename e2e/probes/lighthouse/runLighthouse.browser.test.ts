import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../../core/harnessError.ts';
import { closedPort, fakeServer } from '../testing/fakeServer.ts';
import type { AuditOptions } from './askAuditor.ts';
import { runLighthouse, runUserFlow } from './runLighthouse.ts';
import { faultyPage, PLANTED_FAULTS } from './testing/faultyPage.ts';

/*
 * Each audit takes some seconds, most of it waiting, so there is one of each kind, and two go at once: no value that is looked at depends on the
 * company. testing/sweepFaults.ts looks at each fault by itself.
 */

const folder = await mkdtemp(path.join(os.tmpdir(), 'lighthouse-test-'));
// The profiles are put here as well, where it is seen if one is left.
const { TMPDIR } = process.env;
process.env.TMPDIR = folder;
after(async () => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  await rm(folder, { recursive: true });
});
const pageScript = fileURLToPath(new URL('./testing/actOnPage.ts', import.meta.url));
const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';

const options = (url: string, name: string): AuditOptions => ({
  url,
  formFactor: 'desktop',
  throttling: 'simulate',
  categories: ['performance'],
  timeoutMs: 60_000,
  reportPath: path.join(folder, name, 'lighthouse.html'),
  secrets: [],
});

describe('Lighthouse', { concurrency: 2 }, () => {
  test('every planted fault shows in its own value, and none on the clean page', async () => {
    await using clean = await faultyPage([]);
    await using faulty = await faultyPage(PLANTED_FAULTS);
    const [well, ill] = await Promise.all([
      runLighthouse({ ...options(clean.url, 'clean'), runs: 1 }),
      runLighthouse({ ...options(faulty.url, 'faulty'), runs: 1 }),
    ]);
    assert.equal(well.n, 1);
    assert.deepEqual(well.median, well.runs[0]);

    const [good, bad] = [well.median, ill.median];
    assert.equal(good.metrics.cls, 0);
    assert.ok(bad.metrics.cls > 0.1, `cls ${bad.metrics.cls}`);
    assert.ok(bad.findings.layoutShifts.length > 0);
    assert.ok(bad.metrics.tbtMs > good.metrics.tbtMs + 200, `tbt ${bad.metrics.tbtMs}`);
    // What waits for a slow file is seen, whatever the throttling: 400 ms for a script, 800 ms for the picture.
    assert.ok(bad.metrics.observedFcpMs > 400, `fcp ${bad.metrics.observedFcpMs}`);
    assert.ok(bad.metrics.observedLcpMs > 1200, `lcp ${bad.metrics.observedLcpMs}`);
    assert.ok((bad.scores.performance ?? 1) < (good.scores.performance ?? 0));

    const names = (files: { url: string }[]): string[] =>
      files.map(({ url }) => path.basename(url));
    assert.deepEqual(names(good.findings.renderBlocking), ['style.css']);
    assert.ok(names(bad.findings.renderBlocking).includes('blocking.js'));
    assert.equal(good.metrics.unusedScriptBytes, 0);
    assert.ok(bad.metrics.unusedScriptBytes > 100_000, `unused ${bad.metrics.unusedScriptBytes}`);
    assert.ok(bad.metrics.largestScriptBytes > 150_000 && good.metrics.largestScriptBytes < 2000);
    assert.ok(bad.metrics.totalBytes > bad.metrics.scriptBytes + 800_000);
    assert.deepEqual([good.findings.unminified, good.findings.briefCache], [[], []]);
    assert.deepEqual(names(bad.findings.unminified), ['app.js']);
    assert.ok(names(bad.findings.briefCache).includes('app.js'));
    assert.match(await readFile(ill.reportPath, 'utf8'), /__LIGHTHOUSE_JSON__/);
  });

  test('a flow signs in, acts, and leaves no token anywhere', async () => {
    await using server = await faultyPage([]);
    const query = `?key=${token}`;
    const { timespan, navigation, reportPath } = await runUserFlow({
      ...options(`${server.url}/${query}`, 'flow'),
      categories: ['performance', 'accessibility', 'best-practices'],
      pageScript,
      input: { origin: server.url, token },
    });
    // The button's work is 200 ms, of which 50 block nobody.
    assert.ok(timespan.inpMs !== null && timespan.inpMs >= 190, `INP ${timespan.inpMs}`);
    assert.ok(timespan.tbtMs >= 140, `TBT ${timespan.tbtMs}`);
    assert.equal(timespan.cls, 0);
    assert.ok(timespan.durationMs >= 200);
    // A timespan has no accessibility; the flow has what its navigation found.
    assert.deepEqual(Object.keys(navigation.scores).sort(), [
      'accessibility',
      'best-practices',
      'performance',
    ]);
    const html = await readFile(reportPath, 'utf8');
    assert.match(html, /__LIGHTHOUSE_FLOW_JSON__/);
    assert.match(html, /\[secret removed\]/);
    assert.doesNotMatch(html, /eyJhbGciOiJIUzI1NiJ9/);
    // What the page showed while somebody typed is in no picture; how it was visited is.
    assert.equal(html.match(/"screenshot-thumbnails":\{/g)?.length, 1);
  });

  test('a page that cannot be opened, or answers with an error, has no values', async () => {
    const closed = `http://127.0.0.1:${await closedPort()}/`;
    await assert.rejects(
      runLighthouse({ ...options(closed, 'closed'), runs: 3 }),
      failsWith(/run 1 of 3: (FAILED_DOCUMENT_REQUEST|CHROME_INTERSTITIAL_ERROR)/),
    );
    assert.ok(!existsSync(path.join(folder, 'closed')), 'a report was written');
  });

  test('what fails on the page is told, without the token that it names', async () => {
    await using server = await faultyPage([]);
    const input = { origin: server.url, token: 'a secret of some length', fail: 'no such button' };
    const failing = { ...options(server.url, 'failing'), pageScript, input };
    const told = failsWith(/run 1 of 1: no such button \[secret removed\]/);
    await assert.rejects(runLighthouse({ ...failing, secrets: [input.token], runs: 1 }), told);
  });

  test('refuses an even number of runs and a secret that is too short', async () => {
    const url = 'http://127.0.0.1:1/';
    await assert.rejects(runLighthouse({ ...options(url, 'even'), runs: 2 }), /odd number, not 2/);
    const short = { ...options(url, 'short'), secrets: ['abc'], runs: 1 };
    await assert.rejects(runLighthouse(short), /at least 12 characters/);
  });
});

// By itself, since others have profiles of their own meanwhile.
test('an audit that takes too long is ended, and leaves no profile behind', async () => {
  await using silent = await fakeServer(() => undefined);
  const patience = { ...options(silent.url, 'silent'), timeoutMs: 5000, runs: 1 };
  await assert.rejects(runLighthouse(patience), failsWith(/nothing after 5 s/));
  const left = (await readdir(folder)).filter((name) => name.startsWith('lighthouse-'));
  assert.deepEqual(left, []);
});

function failsWith(found: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof HarnessError, String(error));
    assert.equal(error.code, 'LIGHTHOUSE_FAILED');
    assert.match(error.details.found ?? '', found);
    return true;
  };
}
