import assert from 'node:assert/strict';
import { test } from 'node:test';
import parse from 'parse-prometheus-text-format';
import { madeRecord } from './html/testing/madeRun.ts';
import { openMetrics } from './openMetrics.ts';
import { summaryOf } from './testing/summaryOf.ts';

const SUMMARY = summaryOf(madeRecord('shop'));
const TEXT = await openMetrics(SUMMARY);
const FAMILIES = parse(TEXT);

/** The samples of a family by the id of their objective. */
function samples(name: string): Record<string, string> {
  const found = FAMILIES.find((one) => one.name === name)?.metrics ?? [];
  return Object.fromEntries(found.map(({ labels, value }) => [labels?.id ?? '', value]));
}

test('each objective has its figures in base units, and no sample for an open end', () => {
  const find = (id: string) => SUMMARY.objectives.find((one) => one.id === id);
  const latency = find('classify.latency.p95');
  const id = 'classify.latency.p95';
  assert.equal(samples('perf_objective')[id], '2');
  assert.equal(samples('perf_objective_estimate')[id], String((latency?.estimate ?? 0) / 1000));
  assert.equal(samples('perf_objective_events')[id], '79');
  assert.equal(samples('perf_objective')['api.shop'], '0.999');
  assert.equal(find('brokenModel.retried')?.interval[1], null);
  assert.ok('brokenModel.retried' in samples('perf_objective_interval_lower'));
  assert.ok(!('brokenModel.retried' in samples('perf_objective_interval_upper')));
});

test('verdicts are numbers, and a miss that a known gap admits is marked', () => {
  assert.deepEqual(
    ['classify.latency.p95', 'api.shop', 'sustained.latency.p95'].map(
      (id) => samples('perf_objective_verdict')[id],
    ),
    ['1', '0', '-1'],
  );
  assert.deepEqual(samples('perf_run_verdict'), { '': '-1' });
  const [first] = FAMILIES.find(({ name }) => name === 'perf_run_verdict')?.metrics ?? [];
  assert.deepEqual(first?.labels, { target: 'shop', commit: 'shop' });
  assert.match(TEXT, /id="brokenModel\.retried",unit="ratio",known_gap="retry-backoff"/);
});

test('it is OpenMetrics: all are gauges with help, and the text ends as it must', () => {
  assert.deepEqual([...new Set(FAMILIES.map(({ type }) => type))], ['GAUGE']);
  assert.ok(FAMILIES.every(({ help }) => help !== ''));
  assert.match(TEXT, /\n# EOF\n$/);
});
