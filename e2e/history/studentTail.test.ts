import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertCloseTo } from '../core/testing/closeTo.ts';
import { studentQuantile, studentTail } from './studentTail.ts';

test('agrees with scipy 1.17.1 stats.t.sf and stats.t.isf', () => {
  for (const [t, degrees, tail] of [
    [2.5, 4, 0.03338327240599407],
    [3, 1, 0.10241638234956672],
    [0.7, 2, 0.2781965123164327],
    [4.1, 5, 0.004677412014738032],
    [1.96, 30, 0.029671156448025246],
    [10, 3, 0.0010641995292070751],
    [0, 7, 0.5],
  ] as const) {
    assertCloseTo(studentTail(t, degrees), tail);
  }
  for (const [alpha, degrees, t] of [
    [0.005, 4, 4.604094871349993],
    [0.05, 9, 1.8331129326562376],
    [0.001, 1, 318.30883898555044],
    [0.025, 60, 2.0002978220142604],
  ] as const) {
    assertCloseTo(studentQuantile(alpha, degrees), t);
  }
});

test('degrees of freedom are whole', () => {
  assert.throws(() => studentTail(1, 0), RangeError);
  assert.throws(() => studentTail(1, 2.5), RangeError);
});
