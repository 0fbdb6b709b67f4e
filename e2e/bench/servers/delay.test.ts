import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile, sortSample } from '../../core/statistics/quantile.ts';
import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { type Delay, delaySource, formatDelay, parseDelay } from './delay.ts';

const DELAYS: Delay[] = [
  { kind: 'constant', ms: 50 },
  { kind: 'logNormal', medianMs: 50, p95Ms: 150 },
  { kind: 'bimodal', ms: 20, slowMs: 200, slowShare: 0.1 },
];

test('a delay that is written and read is the same; what is none is an error', () => {
  for (const delay of DELAYS) assert.deepEqual(parseDelay(formatDelay(delay)), delay);
  for (const text of ['', 'constant', 'constant:x', 'constant:1,2', 'uniform:1,2', 'bimodal:1,2'])
    assert.throws(() => parseDelay(text), RangeError, text);
});

test('delays are distributed as they are described', () => {
  const [constant, logNormal, bimodal] = DELAYS.map((delay) => {
    const next = delaySource(delay, seededDraw(1));
    return sortSample(Array.from({ length: 20_000 }, next));
  });
  const at = (sample: typeof constant, q: number): number => quantile(sample as never, q);
  assert.deepEqual([at(constant, 0.01), at(constant, 0.99)], [50, 50]);
  // 20,000 draws put the median within 2 % and the P95 within 3 %, at three standard errors.
  assert.ok(Math.abs(at(logNormal, 0.5) - 50) < 1, `${at(logNormal, 0.5)}`);
  assert.ok(Math.abs(at(logNormal, 0.95) - 150) < 5, `${at(logNormal, 0.95)}`);
  assert.deepEqual([at(bimodal, 0.89), at(bimodal, 0.91)], [20, 200]);
});
