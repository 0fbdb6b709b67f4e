import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestTimingOf } from '../../testing/requestTimingOf.ts';
import { type SeenVisit, useOfVisit } from './useOfVisit.ts';

const AT_MS = 1_800_000_000_000;
const CSS = 'http://127.0.0.1/page.css';

const seen = (parts: Partial<SeenVisit> = {}): SeenVisit => ({
  sentAtMs: AT_MS,
  vitals: {
    ttfbMs: 10,
    fcpMs: 100,
    lcp: {
      valueMs: 120,
      element: 'p',
      url: null,
      timeToFirstByteMs: 10,
      resourceLoadDelayMs: 0,
      resourceLoadMs: 0,
      elementRenderDelayMs: 110,
    },
    cls: { score: 0.02, largestShift: null },
    labInp: {
      valueMs: 40,
      target: 'button',
      kind: 'pointer',
      atMs: AT_MS + 1000,
      inputDelayMs: 1,
      processingMs: 20,
      presentationDelayMs: 19,
      longestScriptUrl: null,
    },
  },
  inputs: [
    { kind: 'click', atMs: AT_MS + 1000 },
    { kind: 'key', atMs: AT_MS + 1060 },
    { kind: 'key', atMs: AT_MS + 2960 },
    { kind: 'click', atMs: AT_MS + 3000 },
  ],
  timing: {
    outcome: 'complete',
    submittedAtMs: AT_MS + 3000,
    paintedAtMs: [AT_MS + 3100, AT_MS + 3200],
    endedAtMs: AT_MS + 3300,
    submitToFirstChunkMs: 100,
    submitToCompleteMs: 300,
    gapsMs: [100],
    longestGapMs: 100,
    watchingMs: 1,
    longestWatchingMs: 1,
  },
  holds: {
    startedAtMs: AT_MS + 3000,
    endedAtMs: AT_MS + 3300,
    longTasks: [],
    totalBlockingMs: 12,
    frames: { refreshIntervalMs: 16.7, shown: 15, missed: 5, longestMs: 50 },
  },
  requests: [
    requestTimingOf({ url: CSS, requestId: null, startAtMs: AT_MS }),
    requestTimingOf({ startAtMs: AT_MS + 3005 }),
  ],
  ...parts,
});

test('a visit as it was seen; time to first insight leaves the typing out', () => {
  const { sentAtMs, failure, requestId, values } = useOfVisit(seen());
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

test('what Chromium did not tell is absent', () => {
  const none = { ttfbMs: null, fcpMs: null, lcp: null, cls: null, labInp: null };
  const holds = { ...seen().holds, frames: null };
  const { values } = useOfVisit(seen({ vitals: none, holds, inputs: [] }));
  const told = ['blockedMs', 'firstChunkMs', 'latencyMs', 'longestGapMs', 'requests'];
  assert.deepEqual(Object.keys(values).sort(), told);
  const noFrame = { refreshIntervalMs: 16.7, shown: 0, missed: 0, longestMs: null };
  const frameless = seen({ holds: { ...holds, frames: noFrame } });
  assert.equal('missedFramesPercent' in useOfVisit(frameless).values, false);
});

test('an insight needs the click that began it, a key, and the whole answer', () => {
  const [click, key] = seen().inputs;
  assert.ok(click !== undefined && key !== undefined);
  const unfinished = { ...seen().timing, outcome: 'unfinished', submitToCompleteMs: null } as const;
  for (const parts of [{ inputs: [click] }, { inputs: [key, click] }, { timing: unfinished }]) {
    assert.equal('insightMs' in useOfVisit(seen(parts)).values, false, JSON.stringify(parts));
  }
});

test('a visit that broke has failed: a request that did, or an answer that did', () => {
  for (const broken of [{ end: 'failed' }, { end: 'unfinished' }, { status: 404 }] as const) {
    const requests = [requestTimingOf({ url: CSS, requestId: null, ...broken })];
    assert.equal(useOfVisit(seen({ requests })).failure, 'not loaded: /page.css');
  }
  for (const outcome of ['failed', 'unfinished'] as const) {
    const timing = { ...seen().timing, outcome, submitToCompleteMs: null };
    assert.equal(useOfVisit(seen({ timing })).failure, `answer ${outcome}`);
  }
});
