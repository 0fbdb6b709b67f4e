import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestLine } from '../core/record/measurementLine.ts';
import { underFault } from '../core/testing/objectives.ts';
import { noopOf } from '../core/testing/recordOf.ts';
import { type CallAt, failedAt, readingOf } from './testing/readingOf.ts';

const FAILED = { ...failedAt(40), values: { endedMs: 40, latencyMs: 40, firstChunkMs: 40 } };
const answeredCall: CallAt[] = [[0, 340, { end: 'answered', durationMs: 340 }]];

test('times are taken from answered requests, and are bad at the objective', () => {
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

test('own time needs every call to be seen to its end', () => {
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

const metadata = underFault('metadata');

test('metadata is judged for answered requests, reported or not, if the round trip of a no-op is known', () => {
  const noops = [noopOf(1)];
  const values = { latencyMs: 350 };
  const says = (reportedLatencyMs: number) => ({ values: { ...values, reportedLatencyMs } });
  assert.equal(readingOf(metadata, says(349), [], { noops }), 'good');
  assert.equal(readingOf(metadata, says(175), [], { noops }), 'bad');
  assert.equal(readingOf(metadata, { values }, [], { noops }), 'bad');
  assert.equal(readingOf(metadata, says(349)), 'missing');
  assert.equal(readingOf(metadata, FAILED, [], { noops }), 'nothing');
});

/** Does a report agree, after no-ops with a median round trip of 3 ms? */
const agrees = (values: RequestLine['values']) =>
  readingOf(metadata, { values }, [], { noops: [noopOf(2), noopOf(40), noopOf(3)] }) === 'good';

test('a report may exceed the measured latency by the rounding to whole milliseconds', () => {
  assert.equal(agrees({ reportedLatencyMs: 101, latencyMs: 100 }), true);
  assert.equal(agrees({ reportedLatencyMs: 101.1, latencyMs: 100 }), false);
});

test('a report may be shorter by the no-op round trip and the larger of 10 % and 5 ms', () => {
  assert.equal(agrees({ reportedLatencyMs: 22, latencyMs: 30 }), true);
  assert.equal(agrees({ reportedLatencyMs: 21.9, latencyMs: 30 }), false);
  assert.equal(agrees({ reportedLatencyMs: 897, latencyMs: 1000 }), true);
  assert.equal(agrees({ reportedLatencyMs: 896.9, latencyMs: 1000 }), false);
});

test('the latency of the whole request is compared with the report, not that of a part', () => {
  assert.equal(agrees({ latencyMs: 100, totalMs: 500, reportedLatencyMs: 498 }), true);
});
