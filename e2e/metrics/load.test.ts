import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import {
  failedWith,
  type LoadRequestAt,
  loadLineOf,
  NEVER_SENT,
  processLineOf,
  stepLineOf,
  tableOf,
} from '../core/testing/loadOf.ts';
import { underFault } from '../core/testing/objectives.ts';
import { memoryOf, recordOf, requestOf, STARTED_AT_MS } from '../core/testing/recordOf.ts';
import { judge } from '../core/verdict/judge.ts';
import { deriveEvents } from './deriveEvents.ts';
import type { MetricName } from './metrics.ts';

function underLoad(metric: MetricName, limit: number, parts: Partial<Objective> = {}): Objective {
  return underFault(metric, limit, { workload: 'sustained', fault: null, ...parts });
}

function derive(objective: Objective, requests: LoadRequestAt[]) {
  const record = recordOf([objective], { loads: [tableOf(loadLineOf(requests))] });
  return deriveEvents(objective, record);
}

/** The events of these requests in words; then how many requests are missing and how many failed. */
function reading(objective: Objective, requests: LoadRequestAt[]) {
  const { events, missing, failed } = derive(objective, requests);
  const shown = events.map(({ value, bad }) => [value ?? 'no value', bad ? 'bad' : 'good']);
  return [...shown.map((pair) => pair.join(' ')), `${missing} missing`, `${failed} failed`];
}

test('latency counts from the intended start, service time from the sending, own time leaves out the model', () => {
  const requests = [{ lateMs: 30, serviceMs: 80, modelMs: 70 }];
  const of = (metric: MetricName) => reading(underLoad(metric, 100), requests)[0];
  assert.equal(of('latency'), '110 bad');
  assert.equal(of('serviceTime'), '80 good');
  assert.equal(of('ownTime'), '10 good');
});

test('failed and unsent requests have no latency, and count in availability', () => {
  const requests = [{}, failedWith('status 500', { serviceMs: 5 }), NEVER_SENT];
  assert.deepEqual(reading(underLoad('latency', 100), requests), [
    '80.25 good',
    '0 missing',
    '2 failed',
  ]);
  assert.deepEqual(reading(underLoad('availability', 0.99), requests), [
    'no value good',
    'no value bad',
    'no value bad',
    '0 missing',
    '2 failed',
  ]);
});

test('an answered request without the value of a metric is missing', () => {
  for (const [metric, lost] of [
    ['latency', { lateMs: null }],
    ['latency', { serviceMs: null }],
    ['serviceTime', { serviceMs: null }],
    ['ownTime', { modelMs: null }],
    ['isolation', { isolated: null }],
    // A sent request has both its times, even if a metric needs only one.
    ['availability', { lateMs: null }],
    ['isolation', { serviceMs: null }],
    ['rate', { lateMs: null, serviceMs: null }],
    ['stall', { lateMs: null }],
    ['latencyGrowth', { serviceMs: null }],
  ] as const) {
    const [first, second] = reading(underLoad(metric, 100), [lost]);
    assert.deepEqual([first, second], ['1 missing', '0 failed'], metric);
  }
  assert.deepEqual(
    reading(underLoad('latency', 100), [failedWith('status 500', { lateMs: null })]),
    ['1 missing', '1 failed'],
  );
});

test('a foreign answer is bad, even in a failed request; an unsent request is neither', () => {
  const requests = [
    {},
    { isolated: false },
    failedWith('status 500', { isolated: false }),
    NEVER_SENT,
  ];
  assert.deepEqual(reading(underLoad('isolation', 0), requests), [
    ...['no value good', 'no value bad', 'no value bad'],
    '0 missing',
    '2 failed',
  ]);
});

test('an objective is judged by its own load without the warm-up, and a memory objective by its readings', () => {
  const own = loadLineOf([{ serviceMs: 10, modelMs: 5 }]);
  const cold = loadLineOf([{ serviceMs: 900 }], { warmUp: true });
  const loads = [
    tableOf(loadLineOf([{ serviceMs: 500 }], { workload: 'peak' })),
    tableOf(cold, own),
  ];
  const requests = [requestOf(0, { workload: 'sustained', operation: 'down' })];
  const objective = underLoad('latency', 100);
  const { events } = deriveEvents(objective, recordOf([objective], { loads, requests }));
  assert.deepEqual(
    events.map(({ id, value, atMs, tenant }) => [id, value, atMs, tenant]),
    [['5f3a9c1e-0', 10.25, STARTED_AT_MS, 'acme-corp-001']],
  );
  const memory = underLoad('footprint', 100);
  const used = memoryOf(1, { workload: 'sustained', operation: 'down', values: { usedBytes: 7 } });
  const read = deriveEvents(memory, recordOf([memory], { loads, samples: [used] }));
  assert.deepEqual(
    read.events.map(({ value }) => value),
    [7],
  );
});

test('latency growth takes medians of equally large windows, as many as the sample budget', () => {
  const objective = underLoad('latencyGrowth', 1, { sampleBudget: 4 });
  const requests = Array.from({ length: 103 }, (_, at) => ({ lateMs: 0, serviceMs: 100 + at }));
  const record = recordOf([objective], { loads: [tableOf(loadLineOf(requests))] });
  const { events, iterationsBetween, missing } = deriveEvents(objective, record);
  assert.deepEqual(
    events.map(({ value }) => value),
    [112, 137, 162, 187],
  );
  assert.deepEqual([iterationsBetween, missing], [0.025, 0]);
  assert.equal([...events][1]?.atMs, STARTED_AT_MS + 250);
});

test('a load that was cut short has fewer windows, not shorter ones', () => {
  const objective = underLoad('latencyGrowth', 1, { sampleBudget: 4, windowSize: 40 });
  const requests = Array.from({ length: 103 }, () => ({}));
  const record = recordOf([objective], { loads: [tableOf(loadLineOf(requests))] });
  const series = deriveEvents(objective, record);
  assert.deepEqual([series.events.length, series.iterationsBetween], [2, 0.04]);
  const rates = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 1 };
  const { verdict, reason } = judge(objective, series, rates);
  assert.equal(verdict, 'inconclusive');
  assert.match(reason, /2 of 4 values are missing/);
});

test('too few requests for windows are missing', () => {
  const objective = underLoad('latencyGrowth', 1, { sampleBudget: 4 });
  const few = Array.from({ length: 79 }, () => ({}));
  assert.deepEqual(reading(objective, few), ['79 missing', '0 failed']);
});

const RATE = underLoad('rate', 60, {
  workload: 'capacity',
  unit: 'requests/s',
  keptBelowMs: 200,
  allowedShare: 0.05,
});

test('a rate is not kept for requests that failed, were never sent, or took too long from their intended start', () => {
  const requests = [
    { lateMs: 0, serviceMs: 199.9 },
    { lateMs: 40, serviceMs: 160 },
    failedWith('status 500', { serviceMs: 5 }),
    NEVER_SENT,
  ];
  const loads = [tableOf(stepLineOf(20, requests))];
  const { steps, events } = deriveEvents(RATE, recordOf([RATE], { loads }));
  const [step] = steps ?? [];
  assert.deepEqual(
    step?.events.map(({ value, bad }) => [value, bad]),
    [
      [199.9, false],
      [200, true],
      [null, true],
      [null, true],
    ],
  );
  assert.equal(events.length, 4);
});

test('each step says how the harness interfered with it, by its own sends and the processes at its rate', () => {
  const onTime = Array.from({ length: 10 }, () => ({ lateMs: 1 }));
  const late = Array.from({ length: 10 }, () => ({ lateMs: 21 }));
  const loads = [
    tableOf(
      stepLineOf(20, onTime),
      stepLineOf(30, late),
      stepLineOf(40, onTime),
      stepLineOf(50, onTime, { warmUp: true }),
    ),
  ];
  const busy = { workload: 'capacity', process: 'model', cpuShare: 0.95 } as const;
  const processes = [
    processLineOf({ ...busy, ratePerSecond: 40 }),
    processLineOf({ ...busy, workload: 'peak', ratePerSecond: 20 }),
  ];
  const { steps } = deriveEvents(RATE, recordOf([RATE], { loads, processes }));
  assert.deepEqual(
    steps?.map(({ ratePerSecond, interference }) => [
      ratePerSecond,
      interference?.split(' used')[0],
    ]),
    [
      [20, undefined],
      [
        30,
        'the load was not offered as scheduled: sends were late by 21.0 ms at P99, 20 ms are tolerated',
      ],
      [40, 'the AI mock'],
    ],
  );
});

/** The second of the judged requests failed, so it has no latency. */
const LATENCY = underLoad('latency', 4);
const loads = [
  tableOf(
    loadLineOf([{ lateMs: 0, serviceMs: 1 }], { warmUp: true }),
    loadLineOf([
      { lateMs: 0, serviceMs: 2, modelMs: null },
      failedWith('status 500', { lateMs: 0, serviceMs: 3 }),
      { lateMs: 0, serviceMs: 4, modelMs: null },
    ]),
  ),
];
const { events } = deriveEvents(LATENCY, recordOf([LATENCY], { loads }));
const EXPECTED = [
  ['5f3a9c1e-0', STARTED_AT_MS, false, 2, 'acme-corp-001'],
  ['5f3a9c1e-2', STARTED_AT_MS + 20, true, 4, 'acme-corp-001'],
];

test('events keep their values, though they are read from a row that moves on', () => {
  const all = [...events];
  assert.equal(events.length, 2);
  assert.deepEqual(
    all.map(({ id, atMs, bad, value, tenant }) => [id, atMs, bad, value, tenant]),
    EXPECTED,
  );
});

test('events of a load can be iterated like a list, and more than once', () => {
  for (const _ of [1, 2]) {
    assert.deepEqual(
      events.map(({ id, atMs, bad, value, tenant }) => [id, atMs, bad, value, tenant]),
      EXPECTED,
    );
    assert.deepEqual(
      events.flatMap(({ value }, at) => (at === 0 ? [value, at] : [])),
      [2, 0],
    );
    assert.deepEqual(
      events.flatMap(({ value }) => value),
      [2, 4],
    );
  }
});

test('a time that is shorter than the time of the model in it is missing for whatever counts times, and only there', () => {
  const requests = [
    { serviceMs: 80, modelMs: 60 },
    { serviceMs: 80, modelMs: 90 },
  ];
  for (const metric of ['latency', 'serviceTime', 'ownTime', 'rate'] as const) {
    const { missing, whyMissing, events } = derive(
      underLoad(metric, 100, { keptBelowMs: 100 }),
      requests,
    );
    assert.deepEqual([missing, events.length], [1, 1], metric);
    assert.match(whyMissing ?? '', /80 ms, .*90 ms/, metric);
  }
  assert.equal(derive(underLoad('availability', 0.99), requests).missing, 0);
});

test('the times of many events are those of their requests, read on, anew and with gaps', () => {
  // A failed request has no latency and is no event.
  const requests = Array.from({ length: 300 }, (_, at) =>
    at % 7 === 3 || at % 32 > 24
      ? failedWith('status 500')
      : { serviceMs: at % 5 === 1 ? 200 : 90 },
  );
  const objective = underLoad('latency', 100);
  const { events } = derive(objective, requests);
  const { columns, length } = events;
  const times = [...events].map(({ atMs }) => atMs);
  const read = (step: number) =>
    times.filter((_, at) => at % step === 0).map((_, at) => columns?.atMs.at(at * step));
  for (const step of [1, 23, 1, 22, 24, 50]) {
    assert.deepEqual(
      read(step),
      times.filter((_, at) => at % step === 0),
      `every ${step}`,
    );
  }
  assert.equal(length, times.length);
  const bad = [...events].map((event) => Number(event.bad));
  assert.deepEqual([...(columns?.bad ?? [])], bad);
  assert.ok(bad.includes(0) && bad.includes(1));
});
