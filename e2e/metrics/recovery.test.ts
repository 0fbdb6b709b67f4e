import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutageLine } from '../core/record/recordLine.ts';
import { underFault } from '../core/testing/objectives.ts';
import { recordOf, STARTED_AT_MS } from '../core/testing/recordOf.ts';
import { deriveEvents } from './deriveEvents.ts';
import { readingOf, requestUnder } from './testing/readingOf.ts';

const RECOVERY = underFault('recovery', 2000);

/** An outage, with its times in ms after the start. */
const outageAt = (fromMs: number, untilMs: number, workload = 'down'): OutageLine => ({
  type: 'outage',
  workload,
  fromMs: STARTED_AT_MS + fromMs,
  untilMs: STARTED_AT_MS + untilMs,
});

const sentAt = (sentMs: number, endedMs: number, failure: string | null = null) => ({
  sentAtMs: STARTED_AT_MS + sentMs,
  failure,
  values: { endedMs: endedMs - sentMs },
});

const reading = (request: object, outages = [outageAt(1500, 3000)]) =>
  readingOf(RECOVERY, request, [], { outages });

test('recovery counts from the end of the outage, or from the sending if that is later, to the answer', () => {
  for (const [words, request, expected] of [
    ['sent in it', sentAt(2000, 3400), 'good at 400'],
    ['sent before it', sentAt(1000, 3400), 'good at 400'],
    ['sent after it', sentAt(3500, 3900), 'good at 400'],
    ['at the objective', sentAt(2000, 5000), 'good at 2000'],
    ['beyond it', sentAt(2000, 5001), 'bad at 2001'],
    ['over before it', sentAt(1000, 1400), 'nothing'],
    ['answered in the middle of it', sentAt(1400, 1600), 'nothing'],
    ['over as it ends', sentAt(2000, 3000), 'nothing'],
  ] as const) {
    assert.equal(reading(request), expected, words);
  }
});

test('a request that failed after the model was well again had not recovered', () => {
  for (const [words, request, expected] of [
    ['sent after it', sentAt(3100, 3110, 'status 502'), 'bad at 2001'],
    ['sent in it, and failed in it', sentAt(2000, 2900, 'status 502'), 'nothing'],
    ['its last attempt may have been in it', sentAt(2000, 4000, 'status 502'), 'nothing'],
    ['long after it', sentAt(2000, 4001, 'status 502'), 'bad at 2001'],
  ] as const) {
    assert.equal(reading(request), expected, words);
  }
  const requests = [
    requestUnder({ ...sentAt(3100, 3110, 'status 502'), id: '5f3a9c1e-1' }),
    requestUnder({ ...sentAt(9000, 9300), id: '5f3a9c1e-2' }),
  ];
  const record = recordOf([RECOVERY], { requests, outages: [outageAt(1500, 3000)] });
  assert.deepEqual(
    deriveEvents(RECOVERY, record).events.map(({ value }) => value),
    [6200, 300],
  );
});

test('each of several outages has its own end', () => {
  const two = [outageAt(1500, 3000), outageAt(6000, 8000)];
  assert.equal(reading(sentAt(3100, 3500), two), 'good at 400');
  assert.equal(reading(sentAt(5900, 7000, 'status 502'), two), 'nothing');
  assert.equal(reading(sentAt(7000, 8400), two), 'good at 400');
});

test('recovery is missing without an outage, or without the end of the request', () => {
  assert.equal(reading(sentAt(3500, 3900), []), 'missing');
  assert.equal(reading(sentAt(3500, 3900), [outageAt(1500, 3000, 'another')]), 'missing');
  assert.equal(reading({ ...sentAt(1000, 1200), values: { latencyMs: 200 } }), 'missing');
});
