import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readLines } from './recordFile.ts';

function linesOf(text: string): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'lines-'));
  try {
    const file = path.join(folder, 'lines.ndjson');
    writeFileSync(file, text);
    return [...readLines(file)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('lines of any length come back whole, and no character is split', () => {
  const lines = ['{}', '', 'é'.repeat(100_000), '€', 'x'.repeat(65_535), '€'.repeat(50_000)];
  assert.deepEqual(linesOf(lines.join('\n')), lines);
  assert.deepEqual(linesOf(`${lines.join('\n')}\n`), lines);
});

test('an empty file has no lines; one that is not there is an error', () => {
  assert.deepEqual(linesOf(''), []);
  assert.throws(() => [...readLines('/nowhere/measurements.ndjson')], { code: 'ENOENT' });
});

test('a reader may stop after the first line', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lines-'));
  const file = path.join(folder, 'lines.ndjson');
  writeFileSync(file, 'first\nsecond\n');
  const [first] = readLines(file);
  rmSync(folder, { recursive: true });
  assert.equal(first, 'first');
});
