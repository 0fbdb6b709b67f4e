import assert from 'node:assert/strict';

/** Asserts that two numbers agree to a relative error. */
export function assertCloseTo(actual: number, expected: number, relativeError = 1e-9): void {
  const error = Math.abs(actual - expected);
  assert.ok(error <= relativeError * Math.abs(expected), `${actual} is not close to ${expected}`);
}
