import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { removeLeaks } from './removeLeaks.ts';

const TOKEN =
  'eyJhbGciOiJIUzI1NiJ9.eyJjdXN0b206dGVuYW50X2lkIjoiYWNtZSJ9.c2lnbmF0dXJlLW9mLXNvbWUtbGVuZ3Ro';
const SECRET = 'p@ss word/of+a-deployment';
const text = (secret: string) => `before ${secret} after`;

for (const secret of [TOKEN, SECRET]) {
  const zip = zipSync({ 'trace.network': strToU8(text(secret)) });
  const leaks: Record<string, Uint8Array | string> = {
    'as it is': text(secret),
    'in JSON': JSON.stringify({ typed: [secret] }),
    'in a URL': `http://127.0.0.1/?token=${encodeURIComponent(secret)}`,
    'in Base64': Buffer.from(text(secret)).toString('base64'),
    'in Base64 of URLs': Buffer.from(`x${text(secret)}`).toString('base64url'),
    'in UTF-16': Buffer.from(text(secret), 'utf16le'),
    'in the other UTF-16': Buffer.from(text(secret), 'utf16le').swap16(),
    'in a zip': zip,
    'in the name of a zip entry': zipSync({ [secret]: strToU8('') }),
    'in a zip in a zip': zipSync({ 'data.zip': zip }),
    'in a gzip': gzipSync(strToU8(text(secret))),
    'in a zip that a page holds': `<script>"data:application/zip;base64,${Buffer.from(zip).toString('base64')}"</script>`,
    'cut off': text(secret.slice(0, 20)),
  };
  test(`a file with ${secret === TOKEN ? 'a token' : 'another secret'} is removed, however it is written`, () => {
    for (const [how, bytes] of Object.entries(leaks)) {
      using temporary = temporaryFolder();
      const folder = temporary.path;
      mkdirSync(path.join(folder, 'data'));
      writeFileSync(path.join(folder, 'data/leak.bin'), bytes);
      writeFileSync(path.join(folder, 'harmless.md'), 'P95 of /chat: 350 ms');
      assert.deepEqual(removeLeaks(folder, [secret]), ['data/leak.bin'], how);
      assert.ok(!existsSync(path.join(folder, 'data/leak.bin')));
      assert.deepEqual(removeLeaks(folder, [secret]), []);
    }
  });
}

test('tokens that the run does not know are found as well', () => {
  using folder = temporaryFolder();
  writeFileSync(path.join(folder.path, 'log.txt'), text(TOKEN));
  assert.deepEqual(removeLeaks(folder.path, []), ['log.txt']);
});

test('a false archive and a missing folder contain nothing', () => {
  using folder = temporaryFolder();
  writeFileSync(path.join(folder.path, 'broken.zip'), 'PK\u0003\u0004 and no more');
  assert.deepEqual(removeLeaks(folder.path, [TOKEN]), []);
  assert.deepEqual(removeLeaks(path.join(folder.path, 'not-there'), [TOKEN]), []);
});
