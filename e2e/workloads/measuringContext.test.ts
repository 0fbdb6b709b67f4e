import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import { availability, latencyP95 } from '../core/testing/objectives.ts';
import { runOf } from '../core/testing/recordOf.ts';
import { runContextOf } from '../testing/runContextOf.ts';
import { WORKLOAD } from '../testing/withFakes.ts';
import { objectivesToMeasure } from './measuringContext.ts';

test('a workload is measured for the objectives that it serves and the run judges; without any, for all that it serves', () => {
  const chatP95 = { ...latencyP95, id: 'chat.latency.p95', operation: 'chat' };
  const header = runOf([latencyP95, chatP95, availability]);
  const measuredFor = (serves: (objective: Objective) => boolean, ...selected: string[]) => {
    const objectives = objectivesToMeasure({ run: runContextOf({ header }), selected }, serves);
    return objectives.map(({ id }) => id);
  };
  const servesLatency = ({ metric }: Objective) => metric.name === 'latency';
  assert.deepEqual(measuredFor(servesLatency, chatP95.id, availability.id), [chatP95.id]);
  assert.deepEqual(measuredFor(servesLatency, availability.id), [latencyP95.id, chatP95.id]);
  assert.deepEqual(measuredFor(WORKLOAD.endsWhenClear, latencyP95.id), []);
});
