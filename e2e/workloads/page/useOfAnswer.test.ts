import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerTiming } from '../../probes/page/answerTiming.ts';
import type { RequestTiming } from '../../probes/page/requestTiming.ts';
import { requestTimingOf as request } from '../../testing/requestTimingOf.ts';
import { useOfAnswer } from './useOfAnswer.ts';

const AT_MS = 1_800_000_000_000;

const timing = (parts: Partial<AnswerTiming> = {}): AnswerTiming => ({
  outcome: 'complete',
  submittedAtMs: AT_MS,
  paintedAtMs: [AT_MS + 100, AT_MS + 150, AT_MS + 200],
  endedAtMs: AT_MS + 200,
  submitToFirstChunkMs: 100,
  submitToCompleteMs: 200,
  gapsMs: [50, 50],
  longestGapMs: 50,
  watchingMs: 1,
  longestWatchingMs: 1,
  ...parts,
});

const use = (answer: AnswerTiming, requests: RequestTiming[]) =>
  useOfAnswer({
    sentAtMs: AT_MS - 20,
    timing: answer,
    holds: { startedAtMs: 0, endedAtMs: 1, longTasks: [], totalBlockingMs: 12, frames: null },
    requests,
  });

test('an answer that came piece by piece on a connection that was there', () => {
  const { failure, requestId, values, checks, objection } = use(timing(), [request()]);
  assert.deepEqual([failure, requestId, objection], [null, 'request-1', null]);
  assert.deepEqual(values, {
    latencyMs: 200,
    firstChunkMs: 100,
    longestGapMs: 50,
    blockedMs: 12,
    requests: 1,
  });
  assert.deepEqual(checks, { streaming: true, connection: true });
});

test('all at once, or on a new connection, is said so', () => {
  const onePiece = { paintedAtMs: [AT_MS + 200], gapsMs: [], longestGapMs: null };
  const atOnce = use(timing(onePiece), [request()]);
  assert.equal(atOnce.checks.streaming, false);
  // One piece has no gap, which is not one of 0 ms.
  assert.equal('longestGapMs' in atOnce.values, false);
  assert.equal(atOnce.objection, 'shown in 1 pieces');
  const { phases } = request();
  const cold = use(timing(), [request({ phases: { ...phases, connectMs: 100 } })]);
  assert.deepEqual([cold.checks.connection, cold.objection], [false, 'opened a connection']);
});

test('an answer that was not seen whole has failed and has no latency', () => {
  const { failure, values } = use(
    timing({ outcome: 'unfinished', submitToCompleteMs: null, endedAtMs: null }),
    [request()],
  );
  assert.equal(failure, 'answer unfinished');
  assert.equal(values.latencyMs, undefined);
});

test('requests from before the question are not its own, and without one of the API nothing is known of connections', () => {
  const before = request({ startAtMs: AT_MS - 10 });
  assert.equal(use(timing(), [before, request(), request()]).values.requests, 2);
  const image = request({ requestId: null, method: 'GET', resourceType: 'Image' });
  assert.equal(use(timing(), [image]).checks.connection, undefined);
});

test('where a gateway takes the request id out, the question is what the page posted', () => {
  const { phases } = request();
  const cold = { requestId: null, phases: { ...phases, connectMs: 100 } };
  assert.equal(use(timing(), [request(cold)]).checks.connection, false);
  assert.equal(use(timing(), [request({ requestId: null })]).checks.connection, true);
  assert.equal(use(timing(), [request(), request(cold)]).checks.connection, true);
});
