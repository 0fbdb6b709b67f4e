import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJsonValues } from './findJsonValues.ts';

test('finds any JSON object or array between other words', () => {
  const value = fc
    .jsonValue({ maxDepth: 3 })
    .filter((json): json is object => typeof json === 'object' && json !== null);
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 4 }),
      fc.integer({ min: 0, max: 2 }),
      (values, indent) => {
        const text = values
          .map((each) => `see [1] {here}: ${JSON.stringify(each, null, indent)} and`)
          .join(' ');
        const found = findJsonValues(text);
        // [1] is JSON too.
        const expected = values.flatMap((each) => [[1], JSON.parse(JSON.stringify(each))]);
        assert.deepEqual(found, expected);
      },
    ),
  );
});

test('passes over brackets that open no JSON, down to the JSON inside', () => {
  assert.deepEqual(findJsonValues('[ref:5f3a9c1e-17] {a: 1} [not {"a":"]}"} closed'), [
    { a: ']}' },
  ]);
  assert.deepEqual(findJsonValues('{"a": ["b", oops], "c": [2]}'), [[2]]);
  assert.deepEqual(findJsonValues(''), []);
});
