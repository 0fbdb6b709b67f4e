import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Draw, normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { exitStatus, isAllClear, type JudgedMetric, judgeMetrics, summarize } from './judge.ts';
import { type Block, METRICS, type MeasuredRequest, type Pair } from './metrics.ts';

/** Makes a request of the candidate from the one that the baseline answered with the same latency of the model. */
type Change = (request: MeasuredRequest, draw: Draw) => Partial<MeasuredRequest>;

/** Pairs of an API with a model of 20 ms, some 3 ms of its own a call, and noise. */
function makePairs(count: number, change: Change = () => ({}), seed = 1, noise = 0.1): Pair[] {
  const draw = seededDraw(seed);
  const normal = normalDraw(draw);
  const answer = (at: number, modelMs: number): MeasuredRequest => {
    const calls = at % 2 === 0 ? 2 : 1;
    const ownMs = 3 * calls * Math.exp(noise * normal());
    return {
      operation: calls === 2 ? 'chat' : 'classify',
      latencyMs: calls * modelMs + ownMs,
      narrativeMs: modelMs + ownMs / 2,
      ownMs,
      calls,
      tokens: 300 * calls,
    };
  };
  return Array.from({ length: count }, () => {
    const models = Array.from({ length: 10 }, () => 20 * Math.exp(0.25 * normal()));
    const requests = (isCandidate: boolean) =>
      models.map((modelMs, at) => {
        const request = answer(at, modelMs);
        return isCandidate ? { ...request, ...change(request, draw) } : request;
      });
    const block = (isCandidate: boolean): Block => ({
      requests: requests(isCandidate),
      sequential: requests(isCandidate),
      page: null,
    });
    return { baseline: block(false), candidate: block(true) };
  });
}

const API = METRICS.filter(({ needs }) => needs === 'requests' || needs === 'modelCalls');
const compareAll = (pairs: readonly Pair[]) => API.map((metric) => ({ metric, pairs }));
const judge = (pairs: readonly Pair[], isLastLook = true) =>
  judgeMetrics(compareAll(pairs), { isLastLook });
const saysOf = (judged: readonly JudgedMetric[]) =>
  Object.fromEntries(judged.map(({ id, says }) => [id, says]));
const SAME = 'no difference beyond 5 %';

const slowOwn: Change = ({ latencyMs, ownMs }) => ({
  ownMs: 1.3 * ownMs,
  latencyMs: latencyMs + 0.3 * ownMs,
});

test('equal versions show no difference in any metric', () => {
  for (const seed of [1, 2, 3]) {
    const judged = judge(makePairs(200, undefined, seed));
    assert.ok(judged.every(({ verdict }) => verdict === 'same'));
    assert.equal(exitStatus(judged), 0);
    assert.equal(
      summarize(judged),
      'It did not get worse; no difference beyond 5 % in 6 of 6 metrics.',
    );
  }
});

test('own time that is 30 % slower is found, although the latency hardly differs', () => {
  const judged = judge(makePairs(200, slowOwn));
  const says = saysOf(judged);
  assert.equal(says['classify.ownTime'], 'slower');
  assert.equal(says['chat.ownTime'], 'slower');
  assert.equal(says['classify.latency'], SAME);
  assert.equal(says.modelCalls, SAME);
  assert.equal(exitStatus(judged), 1);
  assert.ok(
    judged.slice(0, 2).every(({ id }) => id.endsWith('ownTime')),
    'the worst come first',
  );
  assert.match(
    summarize(judged),
    /^It got worse: own time of \w+ \+[23]\d\.\d % \(\+[\d.]+ % to \+/,
  );
});

test('a faster candidate is better and passes', () => {
  const judged = judge(makePairs(200, ({ ownMs }) => ({ ownMs: 0.7 * ownMs })));
  assert.equal(saysOf(judged)['chat.ownTime'], 'faster');
  assert.equal(exitStatus(judged), 0);
  assert.match(summarize(judged), /^It did not get worse; better: own time of .* −\d/);
});

test('a slow tail is found where the median shows nothing', () => {
  const slowTail: Change = ({ operation, latencyMs, ownMs }, draw) =>
    operation === 'classify' && draw() < 0.02
      ? { latencyMs: latencyMs + 800, ownMs: ownMs + 800 }
      : {};
  const judged = judge(makePairs(200, slowTail));
  const slow = judged.filter(({ tail }) => tail?.verdict === 'worse').map(({ id }) => id);
  assert.deepEqual(slow, ['classify.latency']);
  assert.match(
    saysOf(judged)['classify.latency'] ?? '',
    /^no difference beyond 5 %; slowest 1 % slower: P99 \d+\.\d ms → 8\d\d\.\d ms, above [\d.]+ ms \d → \d+$/,
  );
  assert.equal(exitStatus(judged), 1);
  assert.match(
    summarize(judged),
    /^It got worse: \S.* in its slowest 1 % \(P99 [\d.]+ ms → [\d.]+ ms\); no difference/,
  );
});

test('a call of the model more in a third of the requests is found', () => {
  const judged = judge(
    makePairs(40, ({ calls }, draw) => ({ calls: calls + Number(draw() < 0.3) })),
  );
  assert.equal(saysOf(judged).modelCalls, 'more');
  assert.equal(exitStatus(judged), 1);
});

test('a few pairs are inconclusive in all metrics, which fails', () => {
  const judged = judge(makePairs(4));
  assert.ok(judged.every(({ verdict }) => verdict === 'inconclusive'));
  assert.equal(exitStatus(judged), 1);
  assert.match(
    summarize(judged),
    /^It is not known whether it got worse.*; inconclusive: .*own time of chat/,
  );
});

test('one inconclusive metric does not fail', () => {
  const judged = judge(makePairs(200, undefined, 1, 1));
  assert.equal(saysOf(judged)['chat.ownTime'], 'inconclusive');
  assert.equal(exitStatus(judged), 0);
  assert.match(summarize(judged), /; inconclusive: own time of/);
});

test('own times at or below zero, and a version without model calls, still have a ratio', () => {
  const judged = judge(makePairs(20, () => ({ ownMs: -0.4, calls: 0, tokens: 0 })));
  const { 'chat.ownTime': own, modelCalls } = saysOf(judged);
  assert.deepEqual([own, modelCalls], ['faster', 'less']);
});

test('measuring goes on for the tails, unless all times are worse anyway', () => {
  assert.equal(isAllClear(compareAll(makePairs(60)), API), false);
  const allSlow: Change = ({ latencyMs, narrativeMs, ownMs }) => ({
    latencyMs: latencyMs + 1000,
    narrativeMs: narrativeMs + 1000,
    ownMs: ownMs + 1000,
  });
  assert.equal(isAllClear(compareAll(makePairs(5, allSlow)), API), false);
  assert.equal(isAllClear(compareAll(makePairs(30, allSlow)), API), true);
  assert.equal(isAllClear(compareAll([]), API), false);
});

test('tails are not tested if measuring ended by what it had shown', () => {
  assert.ok(judge(makePairs(30), false).every(({ tail }) => tail === null));
});

test('heap and weight of pages are compared by one value a pair', () => {
  const page = (heapBytes: number, visitBytes: number): Block => ({
    requests: [],
    sequential: [],
    page: { heapBytes, visitBytes },
  });
  const pairs = Array.from({ length: 20 }, (_, at) => ({
    baseline: page(5e6 + 100 * at, 80_000),
    candidate: page(5.01e6 + 100 * at, 100_000),
  }));
  const ofPage = METRICS.filter(({ needs }) => needs === 'page');
  const compared = ofPage.map((metric) => ({ metric, pairs }));
  assert.ok(isAllClear(compared, ofPage));
  const [weight, heap] = judgeMetrics(compared, { isLastLook: true });
  assert.deepEqual([weight?.id, weight?.says, weight?.baseline], ['page.weight', 'more', 80_000]);
  assert.deepEqual([heap?.id, heap?.says, heap?.tail], ['page.heap', SAME, null]);
});
