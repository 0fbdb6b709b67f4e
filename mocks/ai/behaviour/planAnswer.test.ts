import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { Behaviour } from './behaviours.ts';
import { type DrawKey, drawLatencyMs, drawSource, type Latency } from './latency.ts';
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

const DRAWS = 20_000;

function draws(latency: Latency, seed = 7): number[] {
  return Array.from({ length: DRAWS }, (_, index) =>
    drawLatencyMs(latency, () =>
      drawSource({ seed, kind: 'classification', index, attempt: 1, aspect: 'latency' }),
    ),
  ).sort((a, b) => a - b);
}

const shareBelow = (sorted: number[], ms: number) =>
  sorted.filter((value) => value < ms).length / sorted.length;

// Four standard errors of a share over 20,000 draws: one false alarm in 16,000.
const tolerance = (share: number) => 4 * Math.sqrt((share * (1 - share)) / DRAWS);

test('log-normal draws have the median and the 95th percentile that they are given by', () => {
  for (const [medianMs, p95Ms] of [
    [350, 500],
    [350, 2000],
    [5, 5.1],
  ] as const) {
    const sorted = draws({ distribution: 'logNormal', medianMs, p95Ms });
    const [half, most] = [shareBelow(sorted, medianMs), shareBelow(sorted, p95Ms)];
    assert.ok(Math.abs(half - 0.5) < tolerance(0.5), `${half} lie below the median`);
    assert.ok(Math.abs(most - 0.95) < tolerance(0.95), `${most} lie below P95`);
  }
});

test('log-normal draws have the lower tail too: as many below median² / P95 as above P95', () => {
  const sorted = draws({ distribution: 'logNormal', medianMs: 300, p95Ms: 600 });
  assert.ok(Math.abs(shareBelow(sorted, 150) - 0.05) < tolerance(0.05));
});

test('uniform draws fill their range evenly', () => {
  const sorted = draws({ distribution: 'uniform', minMs: 100, maxMs: 300 });
  assert.ok((sorted[0] ?? 0) >= 100 && (sorted.at(-1) ?? 999) <= 300);
  for (const quarter of [0.25, 0.5, 0.75])
    assert.ok(Math.abs(shareBelow(sorted, 100 + 200 * quarter) - quarter) < tolerance(quarter));
});

test('a constant is a constant, and a log-normal without spread is its median', () => {
  const random = () =>
    drawSource({ seed: 1, kind: 'narrative', index: 0, attempt: 1, aspect: 'latency' });
  assert.equal(drawLatencyMs({ distribution: 'constant', ms: 350 }, random), 350);
  assert.equal(
    drawLatencyMs({ distribution: 'logNormal', medianMs: 350, p95Ms: 350 }, random),
    350,
  );
});

const key: DrawKey = { seed: 1, kind: 'classification', index: 0, attempt: 1, aspect: 'latency' };
const drawn = (change: Partial<DrawKey> = {}) => uniformFloat64(drawSource({ ...key, ...change }));

test('the same key draws the same value, in every process and runtime', () => {
  assert.equal(drawn(), drawn());
  // Values of the first run ever, so that a change of the hash, and with it of every recorded comparison, is noticed.
  assert.equal(drawn(), 0.34267477036645466);
  assert.equal(drawn({ index: 'a prompt' }), 0.9042375044840141);
});

test('each part of the key matters', () => {
  const changes: Partial<DrawKey>[] = [
    { seed: 2 },
    { kind: 'narrative' },
    { index: 1 },
    { attempt: 2 },
    { aspect: 'stream.firstChunk' },
  ];
  const values = [drawn(), ...changes.map(drawn)];
  assert.equal(new Set(values).size, values.length);
});

test('neighbouring requests are unrelated', () => {
  const N = 20_000;
  let sum = 0;
  for (let index = 0; index < N; index++)
    sum += (drawn({ index }) - 0.5) * (drawn({ index: index + 1 }) - 0.5) * 12;
  // The correlation of N unrelated pairs has a standard error of 1/√N.
  assert.ok(Math.abs(sum / N) < 4 / Math.sqrt(N), `correlation ${sum / N}`);
});
