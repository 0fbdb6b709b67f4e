import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childTraceparent } from './childTraceparent.ts';

const callers = '00-5f3a9c1e000000000000000000000011-00f067aa0ba902b7-01';

test('the trace goes on under a new parent', () => {
  const child = childTraceparent(callers) ?? '';
  assert.match(child, /^00-5f3a9c1e000000000000000000000011-[0-9a-f]{16}-01$/);
  assert.notEqual(child, callers);
});

test('none, and one that is broken, start no trace', () => {
  const broken = ['', 'x', callers.toUpperCase(), `${callers}-00`, callers.replace(/^00/, 'ff')];
  const zero = ['00-00000000000000000000000000000000-00f067aa0ba902b7-01'];
  for (const header of [null, ...broken, ...zero]) assert.equal(childTraceparent(header), null);
});
