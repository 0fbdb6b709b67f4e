import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import type { ModelCallLine } from '../core/record/recordLine.ts';
import { modelCallOf, recordOf, requestOf, STARTED_AT_MS } from '../core/testing/recordOf.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import { METRICS } from '../metrics/metrics.ts';
import {
  attemptRate,
  gapGrowth,
  refusal,
  retried,
} from '../report/charts/testing/faultObjectives.ts';
import { worstMeasurements } from './worstMeasurements.ts';

const UNDER_FAULT: Partial<RequestLine> = {
  workload: 'brokenModel',
  fault: 'brokenModel',
  status: 502,
  failure: '502 AIProviderError',
  values: { endedMs: 40 },
};

test('with zero tolerance, each bad request shows the objection of its check or its failure', () => {
  const unsound = { ...retried, metric: METRICS.soundness };
  const requests = [
    requestOf(0, { ...UNDER_FAULT, checks: { soundness: true } }),
    requestOf(1, {
      ...UNDER_FAULT,
      checks: { soundness: false },
      objection: 'confidence 7\u001b[1m',
    }),
    requestOf(2, { ...UNDER_FAULT, checks: { soundness: false } }),
  ];
  assert.deepEqual(findings(unsound, requests), [
    'confidence 7 [1m; request request-1, acme-corp-001',
    '502 AIProviderError; request request-2, acme-corp-001',
  ]);
  const silent = [requestOf(3, { ...UNDER_FAULT, failure: null, checks: { soundness: false } })];
  assert.deepEqual(findings(unsound, silent), ['bad; request request-3, acme-corp-001']);
});

test('a request that is bad because of its calls of the model shows them', () => {
  const requests = [requestOf(0, UNDER_FAULT)];
  const call = failedCallOf(0, { status: 503, endedMs: 12 });
  assert.deepEqual(findings(retried, requests, [call]), [
    '1 call of the model, answered with 503 after 12.0 ms; 502 AIProviderError; request request-0, acme-corp-001',
  ]);
  const released = { ...retried, metric: METRICS.released };
  const hanging = failedCallOf(0, { attempt: 2, end: 'open', status: null, endedMs: 9_000 });
  assert.match(
    findings(released, requests, [call, hanging])[0] ?? '',
    /^2 calls of the model, the last still open after 9000\.0 ms; 502/,
  );
  const retryAfter = { ...retried, metric: METRICS.retryAfter };
  const throttled = { ...call, status: 429, retryAfterMs: 1000 };
  const early = failedCallOf(0, { attempt: 2, arrivedAtMs: call.arrivedAtMs + 112 });
  assert.match(
    findings(retryAfter, requests, [throttled, early])[0] ?? '',
    /^called again after 100\.0 ms, asked to wait 1000\.0 ms; 502/,
  );
});

test('for a maximum, the greatest values come first, with how the requests ended', () => {
  const requests = [4000, 12_000, 40].map((endedMs, at) =>
    requestOf(at, { ...UNDER_FAULT, values: { endedMs } }),
  );
  assert.deepEqual(
    findings(refusal, requests).map((text) => text.split(';')[0]),
    [
      '12000.0 ms, 502 AIProviderError',
      '4000.0 ms, 502 AIProviderError',
      '40.0 ms, 502 AIProviderError',
    ],
  );
  const calls = [0, 10, 20].map((ms, at) =>
    failedCallOf(2, { attempt: at + 1, arrivedAtMs: STARTED_AT_MS + ms }),
  );
  assert.match(
    findings(attemptRate, [requestOf(2, UNDER_FAULT)], calls)[0] ?? '',
    /^3 calls\/s, 502 AIProviderError; /,
  );
});

test('if more is better, the smallest values come first', () => {
  const requests = [requestOf(0, UNDER_FAULT), requestOf(1, UNDER_FAULT)];
  const createCalls = (index: number, ...atMs: number[]) =>
    atMs.map((ms, at) =>
      failedCallOf(index, { attempt: at + 1, arrivedAtMs: STARTED_AT_MS + ms, endedMs: 10 }),
    );
  const calls = [...createCalls(0, 0, 110, 320), ...createCalls(1, 0, 110, 220)];
  assert.deepEqual(
    findings(gapGrowth, requests, calls).map((text) => text.split(';')[0]),
    ['1 ×', '2 ×'],
  );
});

function failedCallOf(index: number, parts: Partial<ModelCallLine>): ModelCallLine {
  return modelCallOf(index, { durationMs: null, fault: 'status', ...parts });
}

function findings(
  objective: Objective,
  requests: RequestLine[],
  modelCalls: ModelCallLine[] = [],
): string[] {
  const record = recordOf([objective], { requests, modelCalls });
  const found = worstMeasurements(objective, deriveEvents(objective, record), record);
  return found.map(({ result, source }) => `${result}; ${source}`);
}
