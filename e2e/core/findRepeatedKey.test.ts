import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findRepeatedKey } from './findRepeatedKey.ts';

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
