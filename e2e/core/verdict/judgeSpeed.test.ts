import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededDraw } from '../statistics/seededDraw.ts';
import { latencyP95 } from '../testing/objectives.ts';
import { seriesOf } from '../testing/seriesOf.ts';
import { judge } from './judge.ts';

// In a file of its own, and so in its own process: garbage of other tests would be timed too.
const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 15 };

/** The best of five times: the noise of the machine only adds time. */
function bestMs(action: () => void): number {
  const timesMs = Array.from({ length: 5 }, () => {
    const startMs = performance.now();
    action();
    return performance.now() - startMs;
  });
  return Math.min(...timesMs);
}

test('judging 100,000 events costs no more than sorting them a few times, and grows no faster', () => {
  const draw = seededDraw(1);
  const values = Array.from({ length: 100_000 }, () => 300 + 100 * draw());
  const series = seriesOf(latencyP95, values);
  const tenth = { ...series, events: [...series.events].slice(0, 10_000) };
  const sortMs = bestMs(() => [...values].sort((a, b) => a - b));
  const judgeMs = bestMs(() => judge(latencyP95, series, RATES));
  assert.equal(judge(latencyP95, series, RATES).verdict, 'pass');
  assert.ok(judgeMs < 10 * sortMs, `judged in ${judgeMs} ms, sorted in ${sortMs} ms`);
  const tenthMs = bestMs(() => judge(latencyP95, tenth, RATES));
  assert.ok(judgeMs < 40 * tenthMs, `${judgeMs} ms for 100,000, ${tenthMs} ms for 10,000`);
});
