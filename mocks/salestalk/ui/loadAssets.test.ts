import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assetVersion } from './loadAssets.ts';

const version = (files: Record<string, string>): string =>
  assetVersion(new Map(Object.entries(files).map(([name, body]) => [name, { body }])));

test('the same files have the same version', () => {
  assert.equal(
    version({ 'a.ts': 'one', 'b.ts': 'two' }),
    version({ 'a.ts': 'one', 'b.ts': 'two' }),
  );
  assert.match(version({ 'a.ts': 'one' }), /^[0-9a-f]{16}$/);
});

test('a changed body, a changed name and a moved boundary between two bodies change it', () => {
  const versions = [
    version({ 'a.ts': 'one', 'b.ts': 'two' }),
    version({ 'a.ts': 'one', 'b.ts': 'twa' }),
    version({ 'a.ts': 'one', 'c.ts': 'two' }),
    version({ 'a.ts': 'onet', 'b.ts': 'wo' }),
  ];
  assert.equal(new Set(versions).size, versions.length);
});
