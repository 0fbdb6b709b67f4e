import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attempts } from './attempts.ts';

test('each request is counted for itself', () => {
  const attempts = new Attempts({ kept: 10 });
  assert.deepEqual(
    ['a', 'b', 'a', 'a', 'b'].map((key) => attempts.count(key)),
    [1, 1, 2, 3, 2],
  );
});

test('however long it counts, it holds no more than twice what it is to keep', () => {
  const attempts = new Attempts({ kept: 100 });
  let most = 0;
  for (let request = 0; request < 10_000; request++) {
    assert.equal(attempts.count(`classification ${request}`), 1);
    most = Math.max(most, attempts.size);
  }
  assert.ok(most < 200, `${most}`);
});

test('a request is known while fewer others than are kept have come between, wherever it stands, and forgotten in the end', () => {
  for (let before = 0; before < 10; before++) {
    const attempts = new Attempts({ kept: 10 });
    const pass = (from: number, count: number) => {
      for (let other = from; other < from + count; other++) attempts.count(`other ${other}`);
    };
    pass(0, before);
    attempts.count('tried again');
    pass(10, 9);
    assert.equal(attempts.count('tried again'), 2, `after ${before}`);
    pass(20, 9);
    assert.equal(attempts.count('tried again'), 3, `after ${before}`);
    pass(30, 20);
    assert.equal(attempts.count('tried again'), 1, `after ${before}`);
  }
});
