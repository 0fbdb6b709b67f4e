import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../metrics/metrics.ts';
import { availability, latencyP95, modelCallsPerRequest } from '../testing/objectives.ts';
import { describeObjective, type Objective } from './objective.ts';

test('an objective is told as a person would say it', () => {
  const weight: Objective = {
    ...modelCallsPerRequest,
    operation: 'page',
    metric: METRICS.weight,
    unit: 'B',
    objective: 150_000,
  };
  const rate: Objective = {
    ...modelCallsPerRequest,
    operation: 'capacity',
    metric: METRICS.rate,
    unit: 'requests/s',
    objective: 60,
    keptBelowMs: 200,
  };
  assert.deepEqual(
    [latencyP95, availability, modelCallsPerRequest, weight, rate].map(describeObjective),
    [
      'classify latency P95 < 2000 ms',
      'api availability > 99.9 %',
      'chat modelCalls ≤ 2 calls',
      'page weight ≤ 150,000 B',
      'capacity rate > 60 requests/s at a P95 < 200 ms',
    ],
  );
});
