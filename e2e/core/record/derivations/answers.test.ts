import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from '../../testing/objectives.ts';
import { type CallAt, failedAt, readingOf } from '../../testing/readingOf.ts';
import { noopOf, requestOf } from '../../testing/recordOf.ts';
import { metadataAgrees } from './answers.ts';

const FAILED = { ...failedAt(40), values: { endedMs: 40, latencyMs: 40, firstChunkMs: 40 } };
const answeredCall: CallAt[] = [[0, 340, { end: 'answered', durationMs: 340 }]];

test('times are those of answered requests, bad at the objective', () => {
  for (const [metric, key] of [
    ['latency', 'latencyMs'],
    ['firstChunk', 'firstChunkMs'],
  ] as const) {
    const objective = underFault(metric, 350);
    assert.equal(readingOf(objective, { values: { [key]: 349.9 } }), 'good at 349.9');
    assert.equal(readingOf(objective, { values: { [key]: 350 } }), 'bad at 350');
    assert.equal(readingOf(objective, { values: {} }), 'missing');
    assert.equal(readingOf(objective, FAILED), 'nothing');
  }
});

test('own time takes every call seen to its end', () => {
  const ownTime = underFault('ownTime', 10);
  const values = { latencyMs: 349 };
  assert.equal(readingOf(ownTime, { values }, answeredCall), 'good at 9');
  assert.equal(readingOf(ownTime, { values: { latencyMs: 350 } }, answeredCall), 'bad at 10');
  assert.equal(readingOf(ownTime, { values: { latencyMs: 339 } }, answeredCall), 'good at -1');
  assert.equal(readingOf(ownTime, { values }, []), 'missing');
  assert.equal(readingOf(ownTime, { values: {} }, answeredCall), 'missing');
  for (const end of ['open', 'aborted', 'brokenOff'] as const) {
    assert.equal(
      readingOf(ownTime, { values }, [...answeredCall, [0, 340, { end }]]),
      'missing',
      end,
    );
  }
  assert.equal(readingOf(ownTime, FAILED, answeredCall), 'nothing');
});

test('calls are those of answered requests, bad beyond the objective', () => {
  const modelCalls = underFault('modelCalls', 1);
  assert.equal(readingOf(modelCalls, {}, answeredCall), 'good at 1');
  assert.equal(readingOf(modelCalls, {}, [...answeredCall, [400, 500]]), 'bad at 2');
  assert.equal(readingOf(modelCalls, {}, []), 'missing');
  assert.equal(readingOf(modelCalls, FAILED, answeredCall), 'nothing');
});

test('availability takes every request', () => {
  assert.equal(readingOf(underFault('availability'), { values: {} }), 'good');
  assert.equal(readingOf(underFault('availability'), FAILED), 'bad');
});

test('metadata takes answered requests, where a no-op says what a round trip costs', () => {
  const noops = [{ type: 'noop', workload: 'down', sentAtMs: 1, roundTripMs: 1 } as const];
  const says = (reportedLatencyMs: number) => ({ values: { latencyMs: 350, reportedLatencyMs } });
  const metadata = underFault('metadata');
  assert.equal(readingOf(metadata, says(349), [], { noops }), 'good');
  assert.equal(readingOf(metadata, says(175), [], { noops }), 'bad');
  assert.equal(readingOf(metadata, { values: { latencyMs: 350 } }, [], { noops }), 'bad');
  assert.equal(readingOf(metadata, says(349)), 'missing');
  assert.equal(readingOf(metadata, FAILED, [], { noops }), 'nothing');
});

const agrees = metadataAgrees([noopOf(2), noopOf(40), noopOf(3)]);
const says = (reportedLatencyMs: number, latencyMs: number) =>
  agrees(requestOf(0, { values: { latencyMs, reportedLatencyMs } }));

test('no more than was measured, but for the rounding to whole milliseconds', () => {
  assert.equal(says(101, 100), true);
  assert.equal(says(101.1, 100), false);
});

test('no less than was measured, but for the no-op round trip and the larger of 10 % and 5 ms', () => {
  assert.equal(says(22, 30), true);
  assert.equal(says(21.9, 30), false);
  assert.equal(says(897, 1000), true);
  assert.equal(says(896.9, 1000), false);
});

test('a whole request is held against a report of the whole, not of its part', () => {
  const values = { latencyMs: 100, totalMs: 500, reportedLatencyMs: 498 };
  assert.equal(agrees(requestOf(0, { values })), true);
});

test('an answer that reports nothing does not agree', () => {
  assert.equal(agrees(requestOf(0, { values: { latencyMs: 100 } })), false);
});

test('without a no-op there is nothing to compare with', () => {
  assert.throws(() => metadataAgrees([])(requestOf(0)), RangeError);
});
