import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBudget } from './budget/readBudget.ts';
import { findRepeatedKey, readJson } from './readJson.ts';
import { SHOP, shopBudget } from './testing/shopBudget.ts';

function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

test('a budget with a key twice is refused with both places: a paste could undo the stricter of two objectives', () => {
  const at = (belowMs: number) =>
    `"search.latency.p95": { "belowMs": ${belowMs}, "sampleBudget": 65 }`;
  const text = JSON.stringify(shopBudget(), null, 2).replace(
    /"objectives": \{[\s\S]*?\n {2}\}/,
    `"objectives": {\n    ${at(2000)},\n    ${at(9000)}\n  }`,
  );
  const line = text.split('\n').findIndex((one) => one.includes('9000')) + 1;
  assert.equal(
    refusalOf(() => readBudget(text, 'budgets/shop.json', SHOP)),
    [
      'BUDGET_INVALID: A key stands twice in budgets/shop.json.',
      '  file     budgets/shop.json',
      '  at       objectives → "search.latency.p95"',
      `  found    the key at ${line - 1}:5 and again at ${line}:5`,
      '  expected each key once: of two, only the last would count',
      '  remedy   Take one of the two out.',
    ].join('\n'),
  );
});

test('a line of a file is told by its number in the file', () => {
  const source = {
    file: 'runs.ndjson',
    line: 7,
    code: 'HISTORY_INVALID',
    remedy: 'Mend it.',
  } as const;
  assert.deepEqual(readJson('\uFEFF{"a":1}\r', source), { a: 1 });
  assert.match(
    refusalOf(() => readJson('{"a":1,"a":2}', source)),
    /in line 7 of runs\.ndjson[\s\S]* 7:2 and again at 7:8$/m,
  );
  assert.match(
    refusalOf(() => readJson('{', source)),
    /^HISTORY_INVALID: Line 7 of runs\.ndjson is not JSON\./,
  );
});

test('a key that stands twice in one object, with its path and both places', () => {
  assert.deepEqual(findRepeatedKey('{\n  "a": 1,\n  "b": [0, {"c": {}, "d": 1, "c": 2}],\n}'), {
    path: ['b', 1, 'c'],
    first: { line: 3, column: 13 },
    second: { line: 3, column: 30 },
  });
});

test('the same key spelt in two ways, empty or with a foreign name', () => {
  for (const text of [
    '{"a":1,"\\u0061":2}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '[{"a":{"b":"}"}},{"a,\\"":[],"x":[{},[]],"a,\\"":0}]',
  ]) {
    assert.notEqual(findRepeatedKey(text), null, text);
  }
});

test('no key stands twice in what JSON.stringify writes, nor where only values or other objects hold it', () => {
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

test('one more of any key is found wherever it is put', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (key, one, other) => {
      const [name, first, second] = [key, one, other].map((part) => JSON.stringify(part));
      const found = findRepeatedKey(`[{"outer":{${name}:${first},${name}:${second}}}]`);
      assert.deepEqual(found?.path, [0, 'outer', key]);
    }),
  );
});
