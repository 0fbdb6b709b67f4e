import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../budget/objective.ts';
import { tallyEvents } from '../statistics/eventTally.ts';
import { latencyP95, modelCallsPerRequest } from '../testing/objectives.ts';
import { repeat, spread } from '../testing/seriesOf.ts';
import { samplingProgress } from './sampling.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 15 };
const P95 = { ...latencyP95, sampleBudget: 600 };
const after = (objective: Objective, values: number[]) => {
  const events = values.map((value) => ({ bad: value === 1 }));
  return samplingProgress(objective, tallyEvents(objective.allowedShare, events), RATES);
};

test('before the first event the progress says what a clean run takes', () => {
  const { distance, stillNeeded, words } = after(P95, []);
  assert.deepEqual([distance, stillNeeded, words], [1, 65, 'about 65 more to pass']);
});

test('each good event brings the verdict nearer', () => {
  const distances = [0, 20, 40, 64, 65].map((n) => after(P95, repeat([n, 0])).distance);
  assert.ok(
    distances.every((distance, at) => at === 0 || distance < (distances[at - 1] as number)),
  );
  assert.equal(distances.at(-1), 0);
  assert.equal(after(P95, repeat([65, 0])).words, 'clear: pass');
});

test('the forecast comes true if events go on as before', () => {
  const { stillNeeded } = after(P95, spread(120, 0, 2, 1));
  const then = after(
    P95,
    spread(120 + (stillNeeded ?? 0), 0, Math.round((120 + (stillNeeded ?? 0)) / 60), 1),
  );
  assert.equal(then.verdict, 'pass');
  const failing = after(P95, spread(30, 0, 5, 1));
  assert.match(failing.words, /^about \d+ more to fail$/);
});

test('enough evidence from one burst is neither clear nor foreseeable', () => {
  const { verdict, distance, stillNeeded } = after(P95, spread(90, 0, 45, 1));
  assert.equal(verdict, 'inconclusive');
  assert.ok(distance > 0);
  assert.equal(stillNeeded, null);
});

test('a limit of zero counts down to its declared number and ends at the first event', () => {
  assert.equal(after(modelCallsPerRequest, repeat([58, 0])).words, 'about 1 more to pass');
  assert.equal(after(modelCallsPerRequest, repeat([59, 0])).verdict, 'pass');
  assert.equal(after(modelCallsPerRequest, [0, 1]).words, 'clear: fail');
});

test('a used-up sample budget is reported, and is not clear', () => {
  const { exhausted, verdict, words } = after({ ...P95, sampleBudget: 100 }, spread(100, 0, 5, 1));
  assert.deepEqual([exhausted, verdict], [true, 'inconclusive']);
  assert.match(words, /sample budget of 100 is used up/);
  assert.equal(after(P95, spread(100, 0, 5, 1)).exhausted, false);
});

test('a few bad events in a burst take more events to pass', () => {
  const apart = repeat([90, 0], [1, 1], [50, 0], [1, 1], [90, 0]);
  const inBurst = repeat([100, 0], [4, 1], [100, 0]);
  assert.equal(after(P95, apart).verdict, 'pass');
  assert.ok((after(P95, inBurst).stillNeeded ?? 0) > 20);
});
