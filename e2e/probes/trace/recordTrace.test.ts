import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { scrubTrace } from './recordTrace.ts';

const SECRET = 'a secret of some length';
const SCRUBBER = secretScrubber([SECRET]);
const PICTURE = Uint8Array.from({ length: 2000 }, (_, at) => (at * 73) % 256);

test('entries keep their order and what is no secret in them, pictures byte by byte', () => {
  const entries = unzipSync(
    scrubTrace(
      zipSync({
        'trace.trace': strToU8(`{"type":"context-options"}\n{"params":{"arg":"${SECRET}"}}\n`),
        'resources/page.jpeg': PICTURE,
        [`resources/${SECRET}.txt`]: strToU8(`größer als ${SECRET}`),
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

test('what cannot be freed of its secrets, or read afterwards, is refused without a word of it', () => {
  const leftOver = { ...SCRUBBER, scrubBytes: (bytes: Uint8Array) => bytes };
  const zip = zipSync({ 'trace.network': strToU8(`{"token":"${SECRET}"}`) });
  assert.throws(() => scrubTrace(zip, leftOver), {
    message: 'its entry "trace.network" still held a secret',
  });
  const broken = zipSync({ 'trace.trace': strToU8(`{}\n{"token":"${SECRET}`) });
  assert.throws(() => scrubTrace(broken, SCRUBBER), {
    message: 'line 2 of its entry "trace.trace" is no JSON without its secrets',
  });
  assert.throws(() => scrubTrace(strToU8('no zip'), SCRUBBER));
});
