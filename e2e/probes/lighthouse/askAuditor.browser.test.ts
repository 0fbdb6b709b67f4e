import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fakeServer } from '../testing/fakeServer.ts';
import { askAuditor, openAuditor } from './askAuditor.ts';
import type { AuditorProcess } from './auditorProcess.ts';
import { flowAnswer } from './auditorProtocol.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'auditor-test-'));
after(() => rm(folder, { recursive: true }));

/** Who waits in vain fails. */
const WITHIN = { timeout: 30_000 };

const MISBEHAVIOURS: Record<string, { says: string; told: RegExp }> = {
  'ends without a word': { says: 'process.exit(3)', told: /exit status 3, without an answer/ },
  'dies with an error': { says: 'throw new Error("no such thing")', told: /no such thing/ },
  'says what is no JSON': { says: 'console.log("hello")', told: /cannot be read: hello/ },
  'says too much': {
    says: `console.log('{"event":"failed","reason":"x"}'); console.log("and more")`,
    told: /more than one line: and more/,
  },
  'answers with values missing': {
    says: `console.log('{"event":"audited","answer":{"tools":{}}}')`,
    told: /without all its values.*navigation/s,
  },
  'tells a secret in its last words': {
    says: 'console.error("a secret of some length"); process.exit(1)',
    told: /exit status 1, without an answer. \[secret removed\]/,
  },
};

for (const [what, { says, told }] of Object.entries(MISBEHAVIOURS)) {
  test(`a child that ${what} is an error`, async () => {
    const pageScript = path.join(folder, `${what.replaceAll(' ', '-')}.mjs`);
    await writeFile(pageScript, says);
    await assert.rejects(ask(pageScript), told);
  });
}

for (const [reason, asked] of [
  ['NO_NAVSTART: please run Lighthouse again', 3],
  ['NO_FCP: the page did not paint', 1],
] as const) {
  test(`after ${reason.split(':')[0]} it is asked ${asked} times in all`, async () => {
    const asks = path.join(folder, `${asked}.txt`);
    const pageScript = path.join(folder, `fails-${asked}.mjs`);
    await writeFile(
      pageScript,
      `import { appendFileSync } from 'node:fs';
      appendFileSync(${JSON.stringify(asks)}, 'x');
      console.log(${JSON.stringify(JSON.stringify({ event: 'failed', reason }))});`,
    );
    await assert.rejects(ask(pageScript), new RegExp(reason));
    assert.equal(await readFile(asks, 'utf8'), 'x'.repeat(asked));
  });
}

function ask(pageScript: string, auditor?: AuditorProcess) {
  const options = {
    url: 'http://127.0.0.1:1/',
    formFactor: 'desktop',
    throttling: 'simulate',
    timeoutMs: 20_000,
    reportPath: path.join(folder, 'report.html'),
    secrets: ['a secret of some length'],
    pageScript,
  } as const;
  const kept = auditor === undefined ? {} : { auditor };
  const order = { ...options, ...kept, categories: ['performance'] as ['performance'] };
  return askAuditor(order, { kind: 'flow' }, flowAnswer);
}

test(
  'when the parent is killed, the child and the browser end, and the profile goes',
  WITHIN,
  async () => {
    const { promise: asked, resolve } = Promise.withResolvers<IncomingMessage>();
    await using silent = await fakeServer(resolve);
    const script = fileURLToPath(new URL('./testing/auditUntilEnded.ts', import.meta.url));
    const flags = process.versions.deno === undefined ? [] : ['run', '-A'];
    const parent = spawn(process.execPath, [...flags, script, silent.url], {
      env: { ...process.env, TMPDIR: folder },
      stdio: 'ignore',
    });
    const { socket } = await asked;
    // Under Deno what is broken off is an error as well.
    socket.on('error', () => undefined);
    const left = new Promise((resolve) => socket.once('close', resolve));
    parent.kill('SIGKILL');
    await left;
    // The browser goes first.
    const profiles = async (): Promise<string[]> =>
      (await readdir(folder)).filter((name) => name.startsWith('lighthouse-'));
    while ((await profiles()).length > 0) await sleep(50);
  },
);

test('a child that is kept carries out one order after the other, and one that has died is started anew', async () => {
  const starts = path.join(folder, 'starts.txt');
  const pageScript = path.join(folder, 'kept.mjs');
  await writeFile(
    pageScript,
    `import { appendFileSync } from 'node:fs';
    import { createInterface } from 'node:readline';
    appendFileSync(${JSON.stringify(starts)}, 'x');
    let orders = 0;
    createInterface({ input: process.stdin }).on('line', () => {
      orders += 1;
      if (orders === 3) process.exit(4);
      console.log(JSON.stringify({ event: 'failed', reason: 'order ' + orders }));
    });`,
  );
  await using auditor = openAuditor(pageScript);
  await assert.rejects(ask(pageScript, auditor), /order 1/);
  await assert.rejects(ask(pageScript, auditor), /order 2/);
  assert.equal(await readFile(starts, 'utf8'), 'x');
  await assert.rejects(ask(pageScript, auditor), /exit status 4, without an answer/);
  await assert.rejects(ask(pageScript, auditor), /order 1/);
  assert.equal(await readFile(starts, 'utf8'), 'xx');
});
