import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StallTimes } from './stallTimes.ts';

const at = (fromMs: number, durationMs: number) => ({ fromMs, durationMs });

test('what lies between two moments counts, and no more of it', () => {
  const stalls = new StallTimes([at(100, 50), at(300, 10)]);
  assert.equal(stalls.between(0, 1000), 60);
  assert.equal(stalls.between(120, 305), 35);
  assert.equal(stalls.between(150, 300), 0);
  assert.equal(stalls.between(400, 500), 0);
  assert.equal(new StallTimes([]).between(0, 1000), 0);
});

test('what several record counts once, in whatever order', () => {
  const stalls = new StallTimes([
    at(300, 100),
    at(100, 50),
    at(110, 20),
    at(120, 60),
    at(300, 100),
  ]);
  assert.equal(stalls.between(0, 1000), 180);
});

test('as a sum over every millisecond', () => {
  const spans = Array.from({ length: 40 }, (_, i) =>
    at(((i * 7919) % 997) + 1, (i * 31) % 40 || 5),
  );
  const stalls = new StallTimes(spans);
  const isLost = (ms: number) => spans.some((s) => ms >= s.fromMs && ms < s.fromMs + s.durationMs);
  for (let from = 0; from < 1000; from += 37) {
    for (let until = from; until < 1100; until += 53) {
      let sum = 0;
      for (let ms = from; ms < until; ms++) if (isLost(ms)) sum++;
      assert.equal(stalls.between(from, until), sum, `${from} to ${until}`);
    }
  }
});
