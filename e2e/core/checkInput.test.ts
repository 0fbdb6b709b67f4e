import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { refusalMessage } from '../testing/catchMessage.ts';
import { readBudget } from './budget/readBudget.ts';
import { checkInput, describeIssue, formatPath, knownKeys } from './checkInput.ts';
import { HarnessError } from './harnessError.ts';
import { findRepeatedKey, readJson } from './readJson.ts';
import { SHOP, shopBudget } from './testing/shopBudget.ts';

const schema = z.strictObject({
  id: z.string().regex(/^[a-z]+$/),
  at: z.iso.datetime(),
  named: z.string().regex(/^[a-z]+$/, 'lower-case letters'),
  tags: z.array(z.string().min(2).max(5)).max(2),
  size: z.int().min(1).max(10),
  part: z.number().lt(1, 'less than 1, not a percentage').optional(),
  on: z.boolean().optional(),
  kind: z.literal('a'),
  never: z.literal(0).optional(),
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

function described(input: unknown) {
  const [issue] = schema.safeParse(input).error?.issues ?? [];
  return issue === undefined ? null : describeIssue(issue, input, schema);
}

test('each kind of zod issue is described for readers who do not know zod', () => {
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
    [{ part: 2 }, 'part', '2', 'less than 1, not a percentage'],
    [{ size: undefined }, 'size', 'nothing', 'a number'],
    [{ on: 'yes' }, 'on', '"yes"', 'true or false'],
    [{ kind: 'b' }, 'kind', '"b"', '"a"'],
    [{ never: 1 }, 'never', '1', '0'],
    [{ rows: [] }, 'rows', '[]', 'an object'],
    [{ rows: { 'a b': 'x' } }, 'rows → "a b"', '"x"', 'a number'],
  ] as const) {
    assert.deepEqual(described({ ...GOOD, ...change }), { path, found, expected });
  }
});

test('an unknown key is reported with the known keys', () => {
  assert.deepEqual(described({ ...GOOD, ids: 1, 'at\n': 2 }), {
    path: 'the top level',
    found: 'unknown keys "ids", "at\\n"',
    expected: 'no keys but id, at, named, tags, size, part, on, kind, never, rows',
  });
});

test('a misspelt key is one mistake, reported as the key that was written', () => {
  const refuse = (input: object) =>
    refusalMessage(() =>
      checkInput(input, schema, ({ path, found }, _, more) => ({
        code: 'BUDGET_INVALID',
        summary: `${path}: ${found}; ${more} more`,
        remedy: 'None.',
      })),
    );
  const { size, ...rest } = GOOD;
  assert.match(refuse({ ...rest, sizes: size }), /: the top level: unknown key "sizes"; 0 more\n/);
  assert.match(refuse({ ...rest, sizes: size, on: 1 }), /unknown key "sizes"; 1 more\n/);
  const { kind, ...fewer } = rest;
  const two = { ...fewer, sizes: size, kinds: kind };
  assert.match(refuse(two), /: the top level: unknown keys "sizes", "kinds"; 0 more\n/);
  assert.match(refuse(rest), /: size: nothing; 0 more\n/);
  assert.match(refuse({ ...GOOD, size: 11, sizes: size }), /: size: 11; 1 more\n/);
});

test('a long value is cut', () => {
  const found = described({ ...GOOD, tags: ['x'.repeat(1000)] })?.found ?? '';
  assert.equal(found.length, 118);
  assert.ok(found.endsWith('…'));
});

test('path parts with special characters are quoted', () => {
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

test('known keys are found at the top, inside objects and lists, and under optional or defaulted schemas', () => {
  assert.deepEqual(knownKeys(nestedSchema, []), [
    ...['plain', 'wrapped', 'defaulted', 'list', 'open', 'named'],
  ]);
  assert.deepEqual(knownKeys(nestedSchema, ['plain']), ['a', 'b']);
  assert.deepEqual(knownKeys(nestedSchema, ['wrapped']), ['c']);
  assert.deepEqual(knownKeys(nestedSchema, ['defaulted']), ['d']);
  assert.deepEqual(knownKeys(nestedSchema, ['list', 3]), ['e']);
  assert.deepEqual(knownKeys(nestedSchema, ['named']), ['f', 'g']);
});

test('there are no known keys where no object with fixed keys is expected', () => {
  for (const path of [['open'], ['list'], ['plain', 'a'], ['nowhere'], ['nowhere', 'deeper']])
    assert.equal(knownKeys(nestedSchema, path), null, path.join(' → '));
});

test('a budget with the same key twice is refused with both places', () => {
  const at = (belowMs: number) =>
    `"search.latency.p95": { "belowMs": ${belowMs}, "sampleBudget": 65 }`;
  const text = JSON.stringify(shopBudget(), null, 2).replace(
    /"objectives": \{[\s\S]*?\n {2}\}/,
    `"objectives": {\n    ${at(2000)},\n    ${at(9000)}\n  }`,
  );
  const line = text.split('\n').findIndex((one) => one.includes('9000')) + 1;
  assert.equal(
    refusalMessage(() => readBudget(text, 'budgets/shop.json', SHOP)),
    [
      'BUDGET_INVALID: A key occurs twice in budgets/shop.json.',
      '  file     budgets/shop.json',
      '  where    objectives → "search.latency.p95"',
      `  found    the key at ${line - 1}:5 and again at ${line}:5`,
      '  expected each key once, since only the last one would count',
      '  remedy   Remove one of the two.',
    ].join('\n'),
  );
});

test('an error in a file with one JSON text a line names the line', () => {
  const source = {
    file: 'runs.ndjson',
    line: 7,
    code: 'HISTORY_INVALID',
    remedy: 'Correct it.',
  } as const;
  assert.deepEqual(readJson('\uFEFF{"a":1}\r', source), { a: 1 });
  assert.match(
    refusalMessage(() => readJson('{"a":1,"a":2}', source)),
    /in line 7 of runs\.ndjson[\s\S]* 7:2 and again at 7:8$/m,
  );
  assert.match(
    refusalMessage(() => readJson('{', source)),
    /^HISTORY_INVALID: Line 7 of runs\.ndjson is not JSON\./,
  );
});

test('a key that occurs twice in one object is found with its path and both places', () => {
  assert.deepEqual(findRepeatedKey('{\n  "a": 1,\n  "b": [0, {"c": {}, "d": 1, "c": 2}],\n}'), {
    path: ['b', 1, 'c'],
    first: { line: 3, column: 13 },
    second: { line: 3, column: 30 },
  });
});

test('the same key is found in two spellings, empty, and with the name of an Object method', () => {
  for (const text of [
    '{"a":1,"\\u0061":2}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '[{"a":{"b":"}"}},{"a,\\"":[],"x":[{},[]],"a,\\"":0}]',
  ]) {
    assert.notEqual(findRepeatedKey(text), null, text);
  }
});

test('no repeated key is found in the output of JSON.stringify, in values or in other objects', () => {
  assert.equal(
    findRepeatedKey('{"a":"a","b":{"a":["a","a"],"b":"b"},"c":[{"a":1},{"a":2}]}'),
    null,
  );
  for (const text of ['null', '"a"', '[]', '{}']) assert.equal(findRepeatedKey(text), null);
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.equal(findRepeatedKey(text), null);
    }),
  );
});

test('a repeated key is found wherever it is inserted', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (key, one, other) => {
      const [name, first, second] = [key, one, other].map((part) => JSON.stringify(part));
      const found = findRepeatedKey(`[{"outer":{${name}:${first},${name}:${second}}}]`);
      assert.deepEqual(found?.path, [0, 'outer', key]);
    }),
  );
});

test('an error has a message with the remedy, and no stack', () => {
  const error = new HarnessError({
    code: 'BUDGET_INVALID',
    summary: 'It is wrong.',
    file: 'a.json',
    path: 'a → b',
    found: 'one\ntwo',
    expected: 'three',
    remedy: 'Correct it.',
  });
  assert.equal(
    error.message,
    `BUDGET_INVALID: It is wrong.
  file     a.json
  where    a → b
  found    one
           two
  expected three
  remedy   Correct it.`,
  );
  assert.equal(error.stack, error.message);
  assert.equal(error.code, 'BUDGET_INVALID');
  assert.ok(error instanceof Error);
});

test('a detail that is not given has no line', () => {
  const { message } = new HarnessError({
    code: 'NO_BROWSER',
    summary: 'None.',
    remedy: 'Get one.',
  });
  assert.equal(message, 'NO_BROWSER: None.\n  remedy   Get one.');
});

test('control, bidirectional and invisible characters in an error become spaces', () => {
  const { message } = new HarnessError({
    code: 'TARGET_FOREIGN',
    summary: 'Foreign.',
    found: 'a\u001b[2Jb\rc\u009b31md\u202ee\u200bf\u0007g\u{e0041}h',
    remedy: 'None.',
  });
  assert.match(message, /found {4}a \[2Jb c 31md e f g h$/m);
});
