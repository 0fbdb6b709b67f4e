import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IterationLine } from '../core/record/measurementLine.ts';
import { underFault } from '../core/testing/objectives.ts';
import { iterationOf } from '../core/testing/recordOf.ts';
import { type CallAt, failedAt, leftAt, readingOf } from './testing/readingOf.ts';

const LIMIT_MS = 10_000;
const aborted = { end: 'aborted' } as const;
const open = { end: 'open' } as const;
const answered = { end: 'answered' } as const;
const brokenOff = { end: 'brokenOff' } as const;
const DROPPED = { status: null, failure: 'connection reset', values: { endedMs: 500 } };

type Row = [words: string, request: object, calls: CallAt[], reading: string];

function check(metric: 'timeout' | 'refusal' | 'released' | 'workStops', rows: Row[]): void {
  for (const [words, request, calls, reading] of rows) {
    assert.equal(readingOf(underFault(metric, LIMIT_MS), request, calls), reading, words);
  }
}

test('timeout is how long a call was left to hang', () => {
  check('timeout', [
    ['given up in time', failedAt(8010), [[0, 8000, aborted]], 'good at 8000'],
    ['given up at the last moment', failedAt(10_010), [[0, LIMIT_MS, aborted]], 'good at 10000'],
    ['given up too late', failedAt(12_010), [[0, 12_000, aborted]], 'bad at 12000'],
    ['never given up', leftAt(12_000), [[0, 14_000, open]], 'bad at 14000'],
    ['given up because the caller left', leftAt(12_000), [[0, 12_001, aborted]], 'bad at 12001'],
    ['cut off by the model itself', failedAt(12_010), [[0, 12_000, brokenOff]], 'bad at 12000'],
  ]);
});

test('timeout is missing where the call was not observed for long enough, or did not hang', () => {
  check('timeout', [
    ['no call', failedAt(8010), [], 'missing'],
    ['the caller left too soon', leftAt(8000), [[0, 8001, aborted]], 'missing'],
    ['together with the caller is after it', leftAt(8000), [[0, 7960, aborted]], 'missing'],
    ['the exchange broke off', DROPPED, [[0, 400, aborted]], 'missing'],
    ['last looked at too soon', leftAt(8000), [[0, LIMIT_MS, open]], 'missing'],
    ['the model answered', {}, [[0, 20, answered]], 'missing'],
    ['the model answered, slowly', {}, [[0, 12_000, answered]], 'missing'],
    ['cut off by the model too soon', failedAt(8010), [[0, 8000, brokenOff]], 'missing'],
  ]);
});

test('a call that ended before the caller left was given up by the target, and every attempt counts for timeout', () => {
  check('timeout', [
    ['well before the caller', leftAt(9000), [[0, 8000, aborted]], 'good at 8000'],
    [
      'the second was left for too long',
      leftAt(20_000),
      [
        [0, 4000, aborted],
        [4100, 20_000, open],
      ],
      'bad at 15900',
    ],
    [
      'an earlier call of another kind was well',
      failedAt(8030),
      [
        [0, 20, answered],
        [30, 8020, { ...aborted, kind: 'narrative' }],
      ],
      'good at 7990',
    ],
  ]);
});

test('refusal is the time from the sending until the caller has its error answer', () => {
  check('refusal', [
    ['refused in time', failedAt(LIMIT_MS), [], 'good at 10000'],
    ['refused too late', failedAt(10_001), [], 'bad at 10001'],
    ['the caller left without an answer', leftAt(10_001), [], 'bad at 10001'],
    ['left too soon', leftAt(LIMIT_MS), [], 'missing'],
    ['answered in spite of the fault', {}, [], 'missing'],
    ['dropped without an answer', DROPPED, [], 'missing'],
    ['no end recorded', { ...failedAt(1), values: {} }, [], 'missing'],
  ]);
});

test('released is good if all calls are over soon after the caller has its error answer', () => {
  check('released', [
    ['over before', failedAt(8010), [[0, 8000, aborted]], 'good'],
    ['over within two seconds', failedAt(8010), [[0, 10_010, aborted]], 'good'],
    ['over too late', failedAt(8010), [[0, 10_011, aborted]], 'bad'],
    ['answered too late', failedAt(8010), [[0, 10_011, answered]], 'bad'],
    ['seen open too late', failedAt(8010), [[0, 10_011, open]], 'bad'],
    ['open when last looked at, too soon', failedAt(8010), [[0, 9000, open]], 'missing'],
    [
      'one of two',
      failedAt(8010),
      [
        [0, 4000, aborted],
        [4100, 10_500, open],
      ],
      'bad',
    ],
    ['no call', failedAt(8010), [], 'missing'],
    ['no end recorded', { ...failedAt(1), values: {} }, [[0, 8000, aborted]], 'missing'],
    ['the caller left', leftAt(8000), [[0, 20_000, open]], 'nothing'],
    ['dropped without an answer', DROPPED, [[0, 20_000, open]], 'nothing'],
    ['answered', {}, [[0, 300, answered]], 'nothing'],
  ]);
});

test('workStops is good if what was under way is given up soon after the caller left', () => {
  check('workStops', [
    ['with the caller', leftAt(2000), [[0, 2000, aborted]], 'good'],
    ['two seconds after', leftAt(2000), [[0, 4000, aborted]], 'good'],
    ['too late', leftAt(2000), [[0, 4001, aborted]], 'bad'],
    ['went on to the end', leftAt(2000), [[0, 7000, answered]], 'bad'],
    ['still goes on', leftAt(2000), [[0, 8000, open]], 'bad'],
    [
      'stopped, and began another',
      leftAt(2000),
      [
        [0, 2005, aborted],
        [2200, 7000, open],
      ],
      'bad',
    ],
  ]);
});

test('workStops is missing where there was nothing to stop, or it was not observed', () => {
  check('workStops', [
    ['the caller stayed', {}, [[0, 300, answered]], 'missing'],
    ['no call', leftAt(2000), [], 'missing'],
    ['over before the caller left', leftAt(2000), [[0, 300, answered]], 'missing'],
    ['over by itself soon after', leftAt(2000), [[0, 2500, answered]], 'missing'],
    ['given up long before the caller left', leftAt(2000), [[0, 1000, aborted]], 'missing'],
    ['open when last looked at, too soon', leftAt(2000), [[0, 2900, open]], 'missing'],
  ]);
});

test('the check of a page under a fault is due, and missing where it was not made', () => {
  const page = underFault('page');
  const reading = (checks: IterationLine['checks'], failure: string | null = 'it waits') =>
    readingOf(page, iterationOf(0, { workload: 'down', fault: 'down', failure, checks }));
  for (const failure of [null, 'it waits']) {
    assert.equal(reading({ streaming: true }, failure), 'missing');
    assert.equal(reading({ page: true }, failure), 'good');
    assert.equal(reading({ page: false }, failure), 'bad');
  }
});
