import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Behaviour } from './behaviours.ts';
import { planAnswer, splitIntoPieces } from './planAnswer.ts';

const draw = { seed: 1, kind: 'narrative', index: 3, attempt: 1 };
const constant = (ms: number) => ({ distribution: 'constant', ms }) as const;
const logNormal = { distribution: 'logNormal', medianMs: 300, p95Ms: 900 } as const;

test('without any latency an answer is due at once', () => {
  assert.deepEqual(planAnswer([], draw, { streamed: true, pieces: 2 }), {
    plannedMs: 0,
    pieceAtMs: [0, 0],
    failAtMs: 0,
  });
});

test('a stream without an aspect of its own is spread evenly over the latency', () => {
  const plan = planAnswer([{ latency: constant(400) }], draw, { streamed: true, pieces: 4 });
  assert.deepEqual(plan, { plannedMs: 400, pieceAtMs: [100, 200, 300, 400], failAtMs: 400 });
});

test('first chunk and gaps add up, for streamed answers only', () => {
  const behaviours: Behaviour[] = [
    { latency: constant(400) },
    { stream: { firstChunk: constant(150), betweenChunks: constant(20) } },
  ];
  assert.deepEqual(planAnswer(behaviours, draw, { streamed: true, pieces: 3 }), {
    plannedMs: 190,
    pieceAtMs: [150, 170, 190],
    failAtMs: 150,
  });
  assert.deepEqual(planAnswer(behaviours, draw, { streamed: false, pieces: 1 }), {
    plannedMs: 400,
    pieceAtMs: [400],
    failAtMs: 400,
  });
});

test('the first behaviour that has an aspect decides it', () => {
  const behaviours: Behaviour[] = [
    { stream: { firstChunk: constant(1), betweenChunks: constant(1) } },
    { latency: constant(10) },
    { latency: constant(99) },
  ];
  assert.equal(planAnswer(behaviours, draw, { streamed: false, pieces: 1 }).plannedMs, 10);
});

test('a change of one aspect leaves the draws of the others alone', () => {
  const withGaps = (gaps: Behaviour['latency']) =>
    planAnswer([{ stream: { firstChunk: logNormal, betweenChunks: gaps ?? logNormal } }], draw, {
      streamed: true,
      pieces: 5,
    }).pieceAtMs[0];
  assert.equal(withGaps(constant(1)), withGaps(logNormal));
  const latencyAfter = (gaps: Behaviour['latency']) =>
    planAnswer(
      [
        { stream: { firstChunk: gaps ?? logNormal, betweenChunks: logNormal } },
        { latency: logNormal },
      ],
      draw,
      { streamed: false, pieces: 1 },
    ).plannedMs;
  assert.equal(latencyAfter(constant(1)), latencyAfter(logNormal));
});

test('first chunk and gaps of a stream differ from each other', () => {
  const { pieceAtMs } = planAnswer(
    [{ stream: { firstChunk: logNormal, betweenChunks: logNormal } }],
    draw,
    { streamed: true, pieces: 6 },
  );
  const waits = pieceAtMs.map((dueMs, position) => dueMs - (pieceAtMs[position - 1] ?? 0));
  assert.ok(waits.every((waitMs) => waitMs > 0));
  // Sums of doubles: two equal draws may differ in the last digits.
  assert.equal(new Set(waits.map((waitMs) => waitMs.toFixed(6))).size, waits.length);
});

test('joined, the pieces are the text', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(splitIntoPieces(text).join(''), text)));
});

test('a piece is a few words', () => {
  assert.deepEqual(splitIntoPieces('Revenue in Q3 was $2.5M. Source: a table.'), [
    'Revenue in Q3 ',
    'was $2.5M. Source: ',
    'a table.',
  ]);
});

test('a long text comes in a few hundred pieces at most, and joined they are the text', () => {
  for (const length of [9_999, 10_000, 10_001, 1_000_003]) {
    const text = 'to €'.repeat(length).slice(0, length);
    const pieces = splitIntoPieces(text);
    assert.equal(pieces.join(''), text);
    if (length > 10_000) assert.ok(pieces.length <= 200, `${pieces.length} pieces`);
  }
});
