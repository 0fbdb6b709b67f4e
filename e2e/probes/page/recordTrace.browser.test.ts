import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { BrowserContext } from '@playwright/test';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { testPagesInBrowser } from '../testing/testPage.ts';
import { recordTrace, scrubTrace, takeRawTrace } from './recordTrace.ts';

const SECRET = 'key/of "seven" seas+5f3a9c1e';
const BASE64 = Buffer.from(`ada:${SECRET}`).toString('base64').slice(6, -4);
/** As the page below has it, and so as the trace does, secret by secret in the entries. */
const WRITTEN = [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET), BASE64];

const { server, browser } = await testPagesInBrowser({
  '/': '<!doctype html><link rel="icon" href="data:,"><input><p>A page</p><main></main>',
  '/api': (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(`You are ${SECRET}.`);
  },
});
const folder = await mkdtemp(path.join(tmpdir(), 'record-trace-test-'));
const temporary = path.join(folder, 'tmp');
await mkdir(temporary);
process.env.TMPDIR = temporary;
after(() => rm(folder, { recursive: true }));

/** Has the secret in headers, body, address, document, field, console and arguments. */
async function useSecret(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await page.goto(server.url);
  await page.fill('input', SECRET);
  await page.evaluate(async (secret) => {
    await fetch(`/api?key=${encodeURIComponent(secret)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'x-basic': btoa(`ada:${secret}`) },
      body: JSON.stringify({ secret }),
    }).then((response) => response.text());
    document.querySelector('main')?.append(secret);
    console.log(secret);
  }, SECRET);
  await page.click('p');
}

const holds = (zip: Uint8Array) =>
  Object.entries(unzipSync(zip)).flatMap(([name, bytes]) => {
    const text = Buffer.from(bytes).toString();
    return WRITTEN.filter((written) => text.includes(written)).map((written) => [name, written]);
  });

test('no entry of a trace holds a secret that the page has everywhere; the raw trace does', async () => {
  await using raw = await browser.newContext();
  await raw.tracing.start({ screenshots: true, snapshots: true });
  await useSecret(raw);
  const found = holds(await takeRawTrace(raw));
  const missed = WRITTEN.filter((written) => !found.some(([, held]) => held === written));
  assert.deepEqual(missed, [], 'the page has it in all these ways');
  for (const entry of [/trace\.trace/, /trace\.network/, /resources\//]) {
    assert.ok(
      found.some(([name = '']) => entry.test(name)),
      `${entry}`,
    );
  }

  await using context = await browser.newContext();
  const file = path.join(folder, 'new', 'trace.zip');
  const recording = await recordTrace(context, { file, secrets: [SECRET] });
  await useSecret(context);
  await recording.stop();
  const zip = await readFile(file);
  assert.deepEqual(holds(zip), []);
  assert.deepEqual(await readdir(path.dirname(file)), ['trace.zip']);
  assertOpens(zip);
});

test('without a trace there is no file, not even an earlier one, and an error says why', async () => {
  const file = path.join(folder, 'none.zip');
  await writeFile(file, 'of a run before');
  const context = await browser.newContext();
  const recording = await recordTrace(context, { file, secrets: [SECRET] });
  await context.close();
  await assert.rejects(recording.stop(), /^Error: There is no trace: /);
  assert.ok(!(await readdir(folder)).includes('none.zip'));
});

test('a secret that is too short is refused before anything is recorded', async () => {
  await using context = await browser.newContext();
  const file = path.join(folder, 'short.zip');
  await assert.rejects(recordTrace(context, { file, secrets: ['short'] }), RangeError);
  await context.tracing.start();
  await context.tracing.stop();
});

test('only this user may read the raw trace, which is deleted even after an error', async () => {
  let mode: number | null = null;
  const broken = {
    tracing: {
      stop: async ({ path: file }: { path: string }) => {
        await writeFile(file, SECRET);
        mode = (await stat(path.dirname(file))).mode & 0o777;
        throw new Error('the disk is full');
      },
    },
  };
  await assert.rejects(takeRawTrace(broken as unknown as BrowserContext), /the disk is full/);
  assert.equal(mode, 0o700);
  // All tests of this file have had their temporary files here.
  assert.deepEqual(await readdir(temporary), []);
});

const WORDS = 'a secret of some length';
const SCRUBBER = secretScrubber([WORDS]);
const PICTURE = Uint8Array.from({ length: 2000 }, (_, at) => (at * 73) % 256);

test('entries keep their order and all but the secrets, pictures byte by byte', () => {
  const entries = unzipSync(
    scrubTrace(
      zipSync({
        'trace.trace': strToU8(`{"type":"context-options"}\n{"params":{"arg":"${WORDS}"}}\n`),
        'resources/page.jpeg': PICTURE,
        [`resources/${WORDS}.txt`]: strToU8(`größer als ${WORDS}`),
        'resources/empty.txt': new Uint8Array(),
      }),
      SCRUBBER,
    ),
  );
  const text = (name: string) => new TextDecoder().decode(entries[name]);
  assert.deepEqual(Object.keys(entries), [
    'trace.trace',
    'resources/page.jpeg',
    'resources/[secret removed].txt',
    'resources/empty.txt',
  ]);
  assert.equal(
    text('trace.trace'),
    '{"type":"context-options"}\n{"params":{"arg":"[secret removed]"}}\n',
  );
  assert.equal(text('resources/[secret removed].txt'), 'größer als [secret removed]');
  assert.deepEqual(entries['resources/page.jpeg'], PICTURE);
});

test('an entry that keeps its secret or becomes unreadable is refused, and the error does not quote it', () => {
  const leftOver = { ...SCRUBBER, scrubBytes: (bytes: Uint8Array) => bytes };
  const zip = zipSync({ 'trace.network': strToU8(`{"token":"${WORDS}"}`) });
  assert.throws(() => scrubTrace(zip, leftOver), {
    message: 'its entry "trace.network" still held a secret',
  });
  const broken = zipSync({ 'trace.trace': strToU8(`{}\n{"token":"${WORDS}`) });
  assert.throws(() => scrubTrace(broken, SCRUBBER), {
    message: 'line 2 of its entry "trace.trace" is no JSON without its secrets',
  });
  assert.throws(() => scrubTrace(strToU8('no zip'), SCRUBBER));
});

/** What a viewer needs: records that parse and hold actions, and every file that they name. */
function assertOpens(zip: Uint8Array): void {
  const entries = unzipSync(zip);
  const records = (name: string) =>
    Buffer.from(entries[name] ?? [])
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const actions = records('trace.trace');
  assert.equal(actions[0].type, 'context-options');
  assert.ok(actions.some(({ type, method }) => type === 'before' && method === 'click'));
  assert.ok(actions.some(({ type }) => type === 'frame-snapshot'));
  assert.ok(records('trace.network').length >= 2);
  const named = JSON.stringify([actions, records('trace.network')]).matchAll(
    /"(?:file|_file|_sha1)":"([^"]+)"/g,
  );
  const missing = [...named]
    .map(([, file = '']) => file)
    .filter((file) => !(file in entries) && !(`resources/${file}` in entries));
  assert.deepEqual(missing, []);
}
