import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { latencyP95 } from '../../core/testing/objectives.ts';
import { constantModel } from '../../probes/aiMock.ts';
import { embeddedPages } from '../../testing/embeddedPages.ts';
import { measureFirstVisits, measureRepeatVisits } from './measureVisits.ts';
import { DESKTOP } from './visitor.ts';

/** One use to judge, after the one that warms up. */
const once = { ...latencyP95, sampleBudget: 1 };
const MODEL = constantModel({ latencyMs: 20, firstChunkMs: 30, betweenChunksMs: 50 });
const measuring = await embeddedPages([
  { ...once, operation: 'desktop', workload: 'desktopVisits' },
  { ...once, operation: 'desktopRepeat', workload: 'desktopRepeatVisits' },
]);
after(() => measuring[Symbol.asyncDispose]());

const valuesOf = (workload: string): Record<string, number> => {
  const lines = measuring.record.read().samples.filter((line) => line.workload === workload);
  assert.deepEqual(
    lines.map(({ warmUp, failure }) => [warmUp, failure]),
    [
      [true, null],
      [false, null],
    ],
  );
  return lines[1]?.values as Record<string, number>;
};

test('a first visit records all its values in the order of their events, and its token nowhere', async () => {
  await measureFirstVisits(DESKTOP, MODEL, measuring);
  const values = valuesOf('desktopVisits');
  const {
    ttfbMs = 0,
    fcpMs = 0,
    lcpMs = 0,
    firstChunkMs = 0,
    latencyMs = 0,
    insightMs = 0,
  } = values;
  assert.ok(ttfbMs > 0 && ttfbMs < fcpMs && fcpMs <= lcpMs, JSON.stringify(values));
  assert.ok(firstChunkMs > 0 && firstChunkMs <= latencyMs, JSON.stringify(values));
  assert.ok(latencyMs < insightMs, JSON.stringify(values));
  assert.equal(values.layoutShift, 0);
  for (const name of ['inpMs', 'blockedMs', 'missedFramesPercent']) {
    assert.ok(Number.isFinite(values[name]), `${name} of ${JSON.stringify(values)}`);
  }
  const [, line] = measuring.record.read().samples;
  assert.ok(line?.type === 'visit');
  assert.ok(line.requestId !== undefined && line.phases !== undefined);
  // The model is called by what is asked of the page, and nothing else.
  assert.ok(measuring.record.soFar.modelCalls.some(({ index }) => index === line.index));
  const [token = ''] = measuring.tokens.values();
  assert.ok(!readFileSync(measuring.recordFile, 'utf8').includes(token));
});

test('each key is timed as an interaction of its own', () => {
  const { inpMs = 0 } = valuesOf('desktopVisits');
  // Some forty keys of 40 ms; where frames are not presented, the first waits for the click that follows the last.
  assert.ok(inpMs > 0 && inpMs < 800, `INP ${inpMs}`);
});

test('a second visit records its own values', async () => {
  await measureRepeatVisits(DESKTOP, measuring);
  const values = valuesOf('desktopRepeatVisits');
  const { ttfbMs = 0, fcpMs = 0, lcpMs = 0 } = values;
  assert.ok(ttfbMs > 0 && ttfbMs < fcpMs && fcpMs <= lcpMs, JSON.stringify(values));
  assert.deepEqual(Object.keys(values).sort(), ['fcpMs', 'layoutShift', 'lcpMs', 'ttfbMs']);
});
