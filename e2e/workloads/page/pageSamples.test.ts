import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRun } from '../../probes/lighthouse/readRun.ts';
import { lighthouseResult } from '../../probes/lighthouse/testing/lighthouseResult.ts';
import type { RequestTiming } from '../../probes/page/requestTiming.ts';
import type { AnswerTiming } from '../../probes/page/watchAnswer.ts';
import { requestTimingOf as request } from '../../testing/requestTimingOf.ts';
import {
  createAnswerSample,
  createFlowSample,
  createVisitSample,
  type SeenVisit,
} from './pageSamples.ts';

const AT_MS = 1_800_000_000_000;
const CSS = 'http://127.0.0.1/page.css';

const seenVisit = (parts: Partial<SeenVisit> = {}): SeenVisit => ({
  sentAtMs: AT_MS,
  vitals: {
    ttfbMs: 10,
    fcpMs: 100,
    lcp: {
      valueMs: 120,
      element: 'p',
      timeToFirstByteMs: 10,
      resourceLoadDelayMs: 0,
      resourceLoadMs: 0,
      elementRenderDelayMs: 110,
    },
    cls: { score: 0.02, largestShift: null },
    labInp: {
      valueMs: 40,
      target: 'button',
      inputDelayMs: 1,
      processingMs: 20,
      presentationDelayMs: 19,
    },
  },
  timing: {
    inputs: [
      { kind: 'click', atMs: AT_MS + 1000 },
      { kind: 'key', atMs: AT_MS + 1060 },
      { kind: 'key', atMs: AT_MS + 2960 },
      { kind: 'click', atMs: AT_MS + 3000 },
    ],
    outcome: 'complete',
    submittedAtMs: AT_MS + 3000,
    paintedAtMs: [AT_MS + 3100, AT_MS + 3200],
    submitToFirstChunkMs: 100,
    submitToCompleteMs: 300,
    longestGapMs: 100,
  },
  holds: {
    totalBlockingMs: 12,
    frames: { shown: 15, missed: 5 },
  },
  requests: [
    request({ url: CSS, requestId: null, startAtMs: AT_MS }),
    request({ startAtMs: AT_MS + 3005 }),
  ],
  ...parts,
});

test('a visit becomes a sample whose time to first insight leaves out the typing', () => {
  const { sentAtMs, failure, requestId, values } = createVisitSample(seenVisit());
  assert.deepEqual([sentAtMs, failure, requestId], [AT_MS, null, 'request-1']);
  assert.deepEqual(values, {
    ttfbMs: 10,
    fcpMs: 100,
    lcpMs: 120,
    layoutShift: 0.02,
    inpMs: 40,
    insightMs: 60 + 300,
    firstChunkMs: 100,
    latencyMs: 300,
    longestGapMs: 100,
    blockedMs: 12,
    missedFramesPercent: 25,
    requests: 1,
  });
});

test('a value that Chromium did not report is absent', () => {
  const none = { ttfbMs: null, fcpMs: null, lcp: null, cls: null, labInp: null };
  const holds = { ...seenVisit().holds, frames: null };
  const { values } = createVisitSample(
    seenVisit({ vitals: none, holds, timing: { ...seenVisit().timing, inputs: [] } }),
  );
  const names = ['blockedMs', 'firstChunkMs', 'latencyMs', 'longestGapMs', 'requests'];
  assert.deepEqual(Object.keys(values).sort(), names);
  const noFrame = { shown: 0, missed: 0 };
  const frameless = seenVisit({ holds: { ...holds, frames: noFrame } });
  assert.equal('missedFramesPercent' in createVisitSample(frameless).values, false);
});

test('a time to first insight needs the click on the sign-in, a key, and the whole answer', () => {
  const { timing } = seenVisit();
  const [click, key] = timing.inputs;
  assert.ok(click !== undefined && key !== undefined);
  const unfinished = { outcome: 'unfinished', submitToCompleteMs: null } as const;
  for (const parts of [{ inputs: [click] }, { inputs: [key, click] }, unfinished]) {
    const visit = createVisitSample(seenVisit({ timing: { ...timing, ...parts } }));
    assert.equal('insightMs' in visit.values, false, JSON.stringify(parts));
  }
});

test('a visit with a failed request or a failed answer has failed', () => {
  for (const broken of [{ end: 'failed' }, { end: 'unfinished' }, { status: 404 }] as const) {
    const requests = [request({ url: CSS, requestId: null, ...broken })];
    assert.equal(createVisitSample(seenVisit({ requests })).failure, 'not loaded: /page.css');
  }
  for (const outcome of ['failed', 'unfinished'] as const) {
    const timing = { ...seenVisit().timing, outcome, submitToCompleteMs: null };
    assert.equal(createVisitSample(seenVisit({ timing })).failure, `answer ${outcome}`);
  }
});

const timing = (parts: Partial<AnswerTiming> = {}): AnswerTiming => ({
  inputs: [],
  outcome: 'complete',
  submittedAtMs: AT_MS,
  paintedAtMs: [AT_MS + 100, AT_MS + 150, AT_MS + 200],
  submitToFirstChunkMs: 100,
  submitToCompleteMs: 200,
  longestGapMs: 50,
  ...parts,
});

const sampleAnswer = (answer: AnswerTiming, requests: RequestTiming[]) =>
  createAnswerSample({
    sentAtMs: AT_MS - 20,
    timing: answer,
    holds: { totalBlockingMs: 12, frames: null },
    requests,
  });

test('an answer that is painted in pieces over an open connection passes both checks', () => {
  const { failure, requestId, values, checks, objection } = sampleAnswer(timing(), [request()]);
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

test('an answer that is painted at once, or that needed a new connection, fails its check', () => {
  const onePiece = { paintedAtMs: [AT_MS + 200], gapsMs: [], longestGapMs: null };
  const atOnce = sampleAnswer(timing(onePiece), [request()]);
  assert.equal(atOnce.checks.streaming, false);
  // One piece has no gap, which is not one of 0 ms.
  assert.equal('longestGapMs' in atOnce.values, false);
  assert.equal(atOnce.objection, 'shown in 1 pieces');
  const { phases } = request();
  const cold = sampleAnswer(timing(), [request({ phases: { ...phases, connectMs: 100 } })]);
  assert.deepEqual([cold.checks.connection, cold.objection], [false, 'opened a connection']);
});

test('an answer that was not painted whole has failed and has no latency', () => {
  const { failure, values } = sampleAnswer(
    timing({ outcome: 'unfinished', submitToCompleteMs: null }),
    [request()],
  );
  assert.equal(failure, 'answer unfinished');
  assert.equal(values.latencyMs, undefined);
});

test('requests before the question do not count, and without a request to the API connections are not checked', () => {
  const before = request({ startAtMs: AT_MS - 10 });
  assert.equal(sampleAnswer(timing(), [before, request(), request()]).values.requests, 2);
  const image = request({ requestId: null, method: 'GET', resourceType: 'Image' });
  assert.equal(sampleAnswer(timing(), [image]).checks.connection, undefined);
});

test('if a gateway removes the request id, the request that the page posted is the question', () => {
  const { phases } = request();
  const cold = { requestId: null, phases: { ...phases, connectMs: 100 } };
  assert.equal(sampleAnswer(timing(), [request(cold)]).checks.connection, false);
  assert.equal(sampleAnswer(timing(), [request({ requestId: null })]).checks.connection, true);
  assert.equal(sampleAnswer(timing(), [request(), request(cold)]).checks.connection, true);
});

const AT = { sentAtMs: 1_800_000_000_000, tenant: 'acme-corp-001' };
const run = readRun(lighthouseResult(), ['performance']);
const timespan = { inpMs: 64, tbtMs: 30, cls: 0.01 };

test('blocking time and layout shift are those of the worse part of a flow', () => {
  const navigation = { ...run, lcpMs: 200, observedLcpMs: 90, tbtMs: 20, cls: 0.12 };
  const { values } = createFlowSample({ navigation, timespan }, AT);
  assert.deepEqual(values, {
    lcpMs: 200,
    layoutShift: 0.12,
    tbtMs: 30,
    inpMs: 64,
    scorePoints: 90,
  });
  const other = { ...navigation, tbtMs: 40, cls: 0 };
  const turned = createFlowSample({ navigation: other, timespan }, AT).values;
  assert.deepEqual([turned.tbtMs, turned.layoutShift], [40, 0.01]);
});

test('a flow without an interaction has no INP, and each category has its points', () => {
  const scores = { performance: 0.5, accessibility: 1, 'best-practices': 0 };
  const flow = { navigation: { ...run, scores }, timespan: { ...timespan, inpMs: null } };
  const { values } = createFlowSample(flow, AT);
  assert.equal('inpMs' in values, false);
  const { scorePoints, accessibilityPoints, bestPracticesPoints } = values;
  assert.deepEqual([scorePoints, accessibilityPoints, bestPracticesPoints], [50, 100, 0]);
});
