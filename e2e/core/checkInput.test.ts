import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { describeIssue, formatPath, knownKeys } from './checkInput.ts';

const schema = z.strictObject({
  id: z.string().regex(/^[a-z]+$/),
  at: z.iso.datetime(),
  named: z.string().regex(/^[a-z]+$/, 'lower-case letters'),
  tags: z.array(z.string().min(2).max(5)).max(2),
  size: z.int().min(1).max(10),
  on: z.boolean().optional(),
  kind: z.literal('a'),
  rows: z.record(z.string(), z.number()).default({}),
});

const GOOD = {
  id: 'a',
  at: '2027-01-15T08:00:00.000Z',
  named: 'a',
  tags: ['ab'],
  size: 1,
  kind: 'a',
};

function described(spoilt: unknown) {
  const [issue] = schema.safeParse(spoilt).error?.issues ?? [];
  return issue === undefined ? null : describeIssue(issue, spoilt, schema);
}

test('each kind of objection in words that need no knowledge of zod', () => {
  assert.equal(described(GOOD), null);
  for (const [change, path, found, expected] of [
    [{ id: 'A' }, 'id', '"A"', 'text that matches /^[a-z]+$/'],
    [{ at: 'now' }, 'at', '"now"', 'a datetime'],
    [{ named: 'A' }, 'named', '"A"', 'lower-case letters'],
    [{ tags: 'ab' }, 'tags', '"ab"', 'a list'],
    [{ tags: ['a'] }, 'tags → 0', '"a"', 'at least 2 characters'],
    [{ tags: ['ab', 'abcdef'] }, 'tags → 1', '"abcdef"', 'at most 5 characters'],
    [{ tags: ['ab', 'ab', 'ab'] }, 'tags', '["ab","ab","ab"]', 'at most 2 entries'],
    [{ size: 1.5 }, 'size', '1.5', 'a whole number'],
    [{ size: 0 }, 'size', '0', 'at least 1'],
    [{ size: 11 }, 'size', '11', 'at most 10'],
    [{ size: undefined }, 'size', 'nothing', 'a number'],
    [{ on: 'yes' }, 'on', '"yes"', 'true or false'],
    [{ kind: 'b' }, 'kind', '"b"', '"a"'],
    [{ rows: [] }, 'rows', '[]', 'an object'],
    [{ rows: { 'a b': 'x' } }, 'rows → "a b"', '"x"', 'a number'],
  ] as const) {
    assert.deepEqual(described({ ...GOOD, ...change }), { path, found, expected });
  }
});

test('an unknown key is told with the keys that there are', () => {
  assert.deepEqual(described({ ...GOOD, ids: 1, 'at\n': 2 }), {
    path: 'the top level',
    found: 'unknown key "ids", "at\\n"',
    expected: 'no keys but id, at, named, tags, size, on, kind, rows',
  });
});

test('a long value is cut', () => {
  const found = described({ ...GOOD, tags: ['x'.repeat(1000)] })?.found ?? '';
  assert.equal(found.length, 118);
  assert.ok(found.endsWith('…'));
});

test('parts of a path that are no plain words are quoted', () => {
  assert.equal(formatPath(['objectives', 'a.latency.p95', 0]), 'objectives → "a.latency.p95" → 0');
  assert.equal(formatPath([]), 'the top level');
});

const nestedSchema = z.strictObject({
  plain: z.strictObject({ a: z.number(), b: z.number() }),
  wrapped: z.strictObject({ c: z.number() }).optional(),
  defaulted: z.strictObject({ d: z.number().default(1) }).prefault({}),
  list: z.array(z.strictObject({ e: z.number() })).default([]),
  open: z.record(z.string(), z.number()),
  named: z.partialRecord(z.enum(['f', 'g']), z.number()),
});

test('keys at the top, inside, under what is optional or defaulted, and in lists', () => {
  assert.deepEqual(knownKeys(nestedSchema, []), [
    ...['plain', 'wrapped', 'defaulted', 'list', 'open', 'named'],
  ]);
  assert.deepEqual(knownKeys(nestedSchema, ['plain']), ['a', 'b']);
  assert.deepEqual(knownKeys(nestedSchema, ['wrapped']), ['c']);
  assert.deepEqual(knownKeys(nestedSchema, ['defaulted']), ['d']);
  assert.deepEqual(knownKeys(nestedSchema, ['list', 3]), ['e']);
  assert.deepEqual(knownKeys(nestedSchema, ['named']), ['f', 'g']);
});

test('null where no object of fixed keys is expected', () => {
  for (const path of [['open'], ['list'], ['plain', 'a'], ['nowhere'], ['nowhere', 'deeper']])
    assert.equal(knownKeys(nestedSchema, path), null, path.join(' → '));
});
