import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLineOf, tableOf } from '../testing/loadOf.ts';
import { latencyP95 } from '../testing/objectives.ts';
import { modelCallOf, recordOf, requestOf, STARTED_AT_MS, stallOf } from '../testing/recordOf.ts';
import type { RequestLine } from './measurementLine.ts';
import type { ModelCallLine } from './recordLine.ts';
import type { RunRecord } from './runRecord.ts';
import { findTargetStalls, type TargetStall } from './targetStalls.ts';

const MODEL_MS = 340;
/** What the target itself takes before and after the model. */
const OWN_MS = 5;
const [FROM_MS, UNTIL_MS] = [5000, 9000];

/** When something that is due at a time is done by a process that does nothing from `FROM_MS` to `UNTIL_MS`. */
const held = (ms: number) => (ms >= FROM_MS && ms < UNTIL_MS ? UNTIL_MS : ms);
const prompt = (ms: number) => ms;

type Stopped = { target?: typeof held; model?: typeof held; requests?: Partial<RequestLine> };

/** Requests at 10/s for 20 s to a target and a model of which one may be stopped for a while. */
function recordWith({ target = prompt, model = prompt, requests: parts = {} }: Stopped): RunRecord {
  const modelCalls: ModelCallLine[] = [];
  const requests = Array.from({ length: 200 }, (_, at): RequestLine => {
    const sentMs = at * 100;
    const calledMs = model(target(sentMs + OWN_MS));
    const modelEndMs = model(calledMs + MODEL_MS);
    const endMs = target(modelEndMs + OWN_MS);
    const lateMs = modelEndMs - calledMs - MODEL_MS;
    modelCalls.push(
      modelCallOf(at, {
        arrivedAtMs: STARTED_AT_MS + calledMs,
        durationMs: modelEndMs - calledMs,
        endedMs: modelEndMs - calledMs,
        lateMs,
      }),
    );
    const latencyMs = endMs - sentMs;
    return requestOf(at, { values: { latencyMs, endedMs: latencyMs }, ...parts });
  });
  const noops = [0, 50, 100, 150, 199].map((at) => {
    const sentMs = at * 100;
    const roundTripMs = target(sentMs + 1) - sentMs;
    return {
      type: 'noop' as const,
      workload: 'baseline',
      sentAtMs: STARTED_AT_MS + sentMs,
      roundTripMs,
    };
  });
  return recordOf([latencyP95], { requests, modelCalls, noops });
}

const shown = (stalls: TargetStall[]) =>
  stalls.map(({ workload, fromMs, durationMs }) => [
    workload,
    Math.round(fromMs - STARTED_AT_MS),
    Math.round(durationMs),
  ]);

test('a stopped target is found, with the time, the duration and the number of waiting requests', () => {
  const found = findTargetStalls(recordWith({ target: held }));
  assert.deepEqual(shown(found), [['baseline', 5000, 4000]]);
  // Requests sent meanwhile, requests whose model had answered, and a no-op.
  assert.ok(
    (found[0]?.waiting ?? 0) >= 40 && (found[0]?.waiting ?? 0) <= 46,
    `${found[0]?.waiting}`,
  );
});

test('a healthy target has no stall, however long its model takes', () => {
  assert.deepEqual(findTargetStalls(recordWith({})), []);
});

test('a stopped AI mock is no stall of the target', () => {
  assert.deepEqual(findTargetStalls(recordWith({ model: held })), []);
});

test('a time in which the harness was disturbed is no stall of the target', () => {
  const disturbances = [stallOf({ fromMs: STARTED_AT_MS + 5000, durationMs: 3500 })];
  assert.deepEqual(findTargetStalls({ ...recordWith({ target: held }), disturbances }), []);
  const short = [stallOf({ fromMs: STARTED_AT_MS + 5000, durationMs: 300 })];
  assert.equal(
    findTargetStalls({ ...recordWith({ target: held }), disturbances: short }).length,
    1,
  );
});

test('waits for a slow model, and pauses between attempts under a fault, are no stalls', () => {
  const slow = (fault: string | null) =>
    recordOf([latencyP95], {
      requests: Array.from({ length: 8 }, (_, at) =>
        requestOf(at, { fault, values: { latencyMs: 7020, endedMs: 7020 } }),
      ),
      modelCalls: Array.from({ length: 8 }, (_, at) => {
        const arrivedAtMs = STARTED_AT_MS + at * 100 + 5;
        if (fault === null) return [modelCallOf(at, { arrivedAtMs, endedMs: 7000 })];
        const again = { arrivedAtMs: arrivedAtMs + 7000, attempt: 2 };
        return [modelCallOf(at, { arrivedAtMs }), modelCallOf(at, { ...again, endedMs: 10 })];
      }).flat(),
    });
  assert.deepEqual(findTargetStalls(slow(null)), []);
  assert.deepEqual(findTargetStalls(slow('recoveringModel')), []);
});

test('under a fault a stall is found by requests whose first call of the model did not come', () => {
  const found = findTargetStalls(recordWith({ target: held, requests: { fault: 'slowModel' } }));
  assert.deepEqual(shown(found), [['baseline', 5000, 4000]]);
});

test('a caller that leaves is no sign of life, and one slow request is no stall', () => {
  const { requests, modelCalls } = recordWith({ target: held });
  const leaving = requests.map((request) => {
    const { endedMs = 0 } = request.values;
    const leftMs = Math.min(endedMs, 1000);
    return endedMs <= 1000
      ? request
      : { ...request, failure: 'timeout', values: { endedMs: leftMs, leftMs } };
  });
  const found = findTargetStalls(recordOf([latencyP95], { requests: leaving, modelCalls }));
  assert.deepEqual(shown(found), [['baseline', 5000, 4000]]);
  const one = requestOf(0, { values: { latencyMs: 3000, endedMs: 3000 } });
  const call = modelCallOf(0, { arrivedAtMs: STARTED_AT_MS + 5 });
  assert.deepEqual(
    findTargetStalls(recordOf([latencyP95], { requests: [one], modelCalls: [call] })),
    [],
  );
});

test('a stall of the target is found under load, even if the last request is slow', () => {
  const rows = (stopped: boolean) =>
    Array.from({ length: 1200 }, (_, at) => {
      const endMs = stopped ? held(at * 10 + 80) : at * 10 + 80;
      return { lateMs: 0, serviceMs: endMs - at * 10 };
    });
  const stallsOf = (stopped: boolean) => {
    const loads = [tableOf(loadLineOf([...rows(stopped), { serviceMs: 6000 }]))];
    return findTargetStalls(recordOf([], { loads }));
  };
  assert.deepEqual(stallsOf(false), []);
  const [stall, ...rest] = stallsOf(true);
  assert.deepEqual(rest, []);
  assert.ok(Math.abs((stall?.durationMs ?? 0) - 4000) <= 20, `${stall?.durationMs}`);
  assert.ok((stall?.waiting ?? 0) > 390, `${stall?.waiting}`);
});
