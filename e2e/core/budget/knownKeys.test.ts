import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { knownKeys } from './knownKeys.ts';

const schema = z.strictObject({
  plain: z.strictObject({ a: z.number(), b: z.number() }),
  wrapped: z.strictObject({ c: z.number() }).optional(),
  defaulted: z.strictObject({ d: z.number().default(1) }).prefault({}),
  list: z.array(z.strictObject({ e: z.number() })).default([]),
  open: z.record(z.string(), z.number()),
  named: z.partialRecord(z.enum(['f', 'g']), z.number()),
});

test('keys at the top, inside, under what is optional or defaulted, and in lists', () => {
  assert.deepEqual(knownKeys(schema, []), [
    ...['plain', 'wrapped', 'defaulted', 'list', 'open', 'named'],
  ]);
  assert.deepEqual(knownKeys(schema, ['plain']), ['a', 'b']);
  assert.deepEqual(knownKeys(schema, ['wrapped']), ['c']);
  assert.deepEqual(knownKeys(schema, ['defaulted']), ['d']);
  assert.deepEqual(knownKeys(schema, ['list', 3]), ['e']);
  assert.deepEqual(knownKeys(schema, ['named']), ['f', 'g']);
});

test('null where no object of fixed keys is expected', () => {
  for (const path of [['open'], ['list'], ['plain', 'a'], ['nowhere'], ['nowhere', 'deeper']])
    assert.equal(knownKeys(schema, path), null, path.join(' → '));
});
