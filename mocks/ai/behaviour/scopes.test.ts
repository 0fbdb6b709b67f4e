import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Journal } from '../journal/journal.ts';
import { Attempts, Scopes } from './scopes.ts';

const A = 'aaaaaaaa';
const model = { seed: 1, behaviours: [], ttlMs: 60_000 };

function start() {
  const clock = { nowMs: 0 };
  const journal = new Journal();
  return { clock, journal, scopes: new Scopes({ journal, nowMs: () => clock.nowMs }) };
}

test('a scope expires unless it is renewed', () => {
  const { clock, scopes } = start();
  scopes.put(A, model);
  clock.nowMs = 59_999;
  assert.equal(scopes.renew(A)?.expiresAtMs, 119_999);
  clock.nowMs = 119_998;
  assert.notEqual(scopes.renew(A), null);
  clock.nowMs += 60_000;
  assert.equal(scopes.renew(A), null);
  const expired = scopes.find(A);
  assert.ok(expired !== null && scopes.isExpired(expired));
});

test('putting a scope again keeps its attempts and starts its behaviours afresh', () => {
  const { scopes } = start();
  const first = scopes.put(A, { ...model, behaviours: [{}] });
  assert.ok(first !== 'full');
  first.attempts.count('classification 1');
  first.admitted[0] = 5;
  const second = scopes.put(A, { ...model, behaviours: [{}, {}] });
  assert.ok(second !== 'full');
  assert.equal(second.attempts.count('classification 1'), 2);
  assert.deepEqual(second.admitted, [0, 0]);
});

test('an expired scope makes room for a new one, and a live scope does not', () => {
  const { clock, journal, scopes } = start();
  const id = (number: number) => number.toString(16).padStart(8, '0');
  for (let number = 0; number < 1000; number++) scopes.put(id(number), model);
  assert.equal(scopes.put(A, model), 'full');
  clock.nowMs = 60_000;
  assert.notEqual(scopes.put(A, model), 'full');
  assert.equal(scopes.find(id(0)), null);
  assert.equal(journal.read(id(0), 0), null);
});

test('fewer than twice as many requests as are to be kept are held', () => {
  const attempts = new Attempts({ kept: 100 });
  let most = 0;
  for (let request = 0; request < 10_000; request++) {
    assert.equal(attempts.count(`classification ${request}`), 1);
    most = Math.max(most, attempts.size);
  }
  assert.ok(most < 200, `${most}`);
});

test('a request is remembered while fewer others than are to be kept come between, and forgotten later', () => {
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
