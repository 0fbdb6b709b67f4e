import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from './metrics.ts';

for (const [name, metric] of Object.entries(METRICS)) {
  test(`${name} says what a bad event is, and where to look for its cause`, () => {
    const bad = metric.describeBad({ objective: 2, unit: metric.unit, keptBelowMs: 500 });
    assert.match(bad, /^([a-z]+ed|took|came|left|went|made|held|had|were)\b/);
    for (const fault of [null, 'down']) {
      const { advice } = metric;
      const text = typeof advice === 'string' ? advice : advice({ operation: 'chat', fault });
      assert.match(text, /^[A-Z"].{40,}\.$/);
      assert.ok(!`${bad} ${text}`.includes('undefined'));
    }
  });
}

test('metrics with the same key share one schema of its number', () => {
  const byKey = Map.groupBy(Object.values(METRICS), ({ key }) => key);
  for (const [key, metrics] of byKey) {
    assert.equal(new Set(metrics.map(({ limit }) => limit)).size, 1, key);
  }
});

test('a metric presupposes and compares only those that exist', () => {
  for (const { name, presupposes, compares } of Object.values(METRICS)) {
    assert.ok(presupposes === undefined || presupposes in METRICS, name);
    assert.ok(compares === undefined || compares in METRICS, name);
  }
});

test('a record names the metric of an objective', () => {
  assert.equal(JSON.stringify({ metric: METRICS.latency }), '{"metric":"latency"}');
});
