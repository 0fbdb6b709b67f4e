import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sortSample } from '../../core/statistics/quantile.ts';
import { linearAxis, positionOnAxis, valueAxis } from './axes.ts';
import { thin } from './marks.ts';
import { ecdfPoints } from './quantileChart.ts';

test('the axis is logarithmic if the objective is far from the data and all values are positive', () => {
  assert.equal(valueAxis([320, 512, 2000]).type, 'log');
  assert.equal(valueAxis([900, 1200, 2000]).type, 'value');
  assert.equal(valueAxis([0, 12, 50]).type, 'value');
  assert.equal(valueAxis([-0.4, 12, 50]).type, 'value');
});

test('all values lie on the axis, and the marks are round', () => {
  for (const values of [
    [320, 512, 2000],
    [900, 1200, 2000],
    [5, 5, 5],
    [0, 0, 0],
    [0.1, 90_000],
  ]) {
    const axis = valueAxis(values);
    for (const value of values) {
      const position = positionOnAxis(axis, value);
      assert.ok(position > 0 && position < 1, `${value} at ${position}`);
    }
    assert.ok(axis.ticks.length >= 2);
    for (const tick of axis.ticks) {
      assert.ok(tick >= axis.min && tick <= axis.max);
      assert.ok(String(tick).replaceAll(/[-0.]/g, '').length <= 3, `${tick} is not round`);
    }
  }
  assert.deepEqual(linearAxis(0, 3400).ticks, [0, 1000, 2000, 3000]);
});

test('thinning keeps both ends, the named items and about the wanted number', () => {
  const all = Array.from({ length: 1000 }, (_, at) => at);
  const some = thin(all, 50, (item) => item === 333);
  assert.ok(some.length <= 51);
  assert.deepEqual([some[0], some.at(-1), some.includes(333)], [0, 999, true]);
  assert.equal(thin(all, 1000), all);
});

test('the ECDF has each value at its share; many values keep their tails and quantiles', () => {
  assert.deepEqual(ecdfPoints(sortSample([3, 1, 1, 2]), [0.5]), [
    [1, 0.5],
    [2, 0.75],
    [3, 1],
  ]);
  const points = ecdfPoints(sortSample(Array.from({ length: 5000 }, (_, at) => at + 1)), [0.95]);
  assert.ok(points.length < 500);
  for (const value of [1, 2, 4750, 4999, 5000]) {
    assert.ok(
      points.some(([x, y]) => x === value && y === value / 5000),
      `${value}`,
    );
  }
});
