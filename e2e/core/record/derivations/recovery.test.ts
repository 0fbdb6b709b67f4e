import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from '../../testing/objectives.ts';
import { readingOf, requestUnder } from '../../testing/readingOf.ts';
import { recordOf, STARTED_AT_MS } from '../../testing/recordOf.ts';
import { deriveEvents } from '../deriveEvents.ts';
import type { OutageLine } from '../recordLine.ts';

const RECOVERY = underFault('recovery', 2000);

/** Times in ms after the start. */
const outage = (fromMs: number, untilMs: number, workload = 'down'): OutageLine => ({
  type: 'outage',
  workload,
  fromMs: STARTED_AT_MS + fromMs,
  untilMs: STARTED_AT_MS + untilMs,
});

const sent = (sentMs: number, endedMs: number, failure: string | null = null) => ({
  sentAtMs: STARTED_AT_MS + sentMs,
  failure,
  values: { endedMs: endedMs - sentMs },
});

const reading = (request: object, outages = [outage(1500, 3000)]) =>
  readingOf(RECOVERY, request, [], { outages });

test('from the end of the outage, or the sending where that is later, to the answer', () => {
  for (const [words, request, expected] of [
    ['sent in it', sent(2000, 3400), 'good at 400'],
    ['sent before it', sent(1000, 3400), 'good at 400'],
    ['sent after it', sent(3500, 3900), 'good at 400'],
    ['at the objective', sent(2000, 5000), 'good at 2000'],
    ['beyond it', sent(2000, 5001), 'bad at 2001'],
    ['over before it', sent(1000, 1400), 'nothing'],
    ['answered in the middle of it', sent(1400, 1600), 'nothing'],
    ['over as it ends', sent(2000, 3000), 'nothing'],
  ] as const) {
    assert.equal(reading(request), expected, words);
  }
});

test('a request that failed once the model was well had not recovered', () => {
  for (const [words, request, expected] of [
    ['sent after it', sent(3100, 3110, 'status 502'), 'bad at 2001'],
    ['sent in it, and failed in it', sent(2000, 2900, 'status 502'), 'nothing'],
    ['its last attempt may have been in it', sent(2000, 4000, 'status 502'), 'nothing'],
    ['long after it', sent(2000, 4001, 'status 502'), 'bad at 2001'],
  ] as const) {
    assert.equal(reading(request), expected, words);
  }
  const requests = [
    requestUnder({ ...sent(3100, 3110, 'status 502'), id: '5f3a9c1e-1' }),
    requestUnder({ ...sent(9000, 9300), id: '5f3a9c1e-2' }),
  ];
  const record = recordOf([RECOVERY], { requests, outages: [outage(1500, 3000)] });
  assert.deepEqual(
    deriveEvents(RECOVERY, record).events.map(({ value }) => value),
    [6200, 300],
  );
});

test('each of several outages has its own end', () => {
  const two = [outage(1500, 3000), outage(6000, 8000)];
  assert.equal(reading(sent(3100, 3500), two), 'good at 400');
  assert.equal(reading(sent(5900, 7000, 'status 502'), two), 'nothing');
  assert.equal(reading(sent(7000, 8400), two), 'good at 400');
});

test('without an outage, or an end, nobody knows', () => {
  assert.equal(reading(sent(3500, 3900), []), 'missing');
  assert.equal(reading(sent(3500, 3900), [outage(1500, 3000, 'another')]), 'missing');
  assert.equal(reading({ ...sent(1000, 1200), values: { latencyMs: 200 } }), 'missing');
});
