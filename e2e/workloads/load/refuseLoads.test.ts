import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSchema } from '../../core/load/loadSchema.ts';
import { latencyP95 } from '../../core/testing/objectives.ts';
import { runOf } from '../../core/testing/recordOf.ts';
import { LOAD_OPERATIONS } from '../../salestalk/operations.ts';
import { runContextOf } from '../../testing/runContextOf.ts';
import { refuseLoads } from './refuseLoads.ts';

const HEADER = runOf([{ ...latencyP95, workload: 'sustained' }]);

function refuse(load: object, parts: object = {}, header = HEADER): void {
  const sustained = loadSchema(LOAD_OPERATIONS).parse({
    scenarios: [{ operations: { chat: 1 } }],
    arrivals: { model: 'constant', rate: 10 },
    durationSeconds: 10,
    warmUpSeconds: 0,
    ...load,
  });
  refuseLoads(header, { ...runContextOf().target, loads: { sustained }, ...parts });
}

test('calls and tokens of a real model are held to the ceilings of the load; a mocked one is paid nothing', () => {
  const ceilings = { modelCalls: 100 };
  const { supports } = runContextOf().target;
  const paid = { supports: { ...supports, mockedAi: false } };
  assert.throws(() => refuse({ ceilings }, paid), {
    code: 'CEILING_EXCEEDED',
    message: /ceilings → modelCalls[\s\S]*220 planned[\s\S]*at most 100/,
  });
  assert.throws(() => refuse({ ceilings: { tokens: 1000 }, tokensPerCall: 500 }, paid), {
    message: /ceilings → tokens[\s\S]*110000 planned/,
  });
  refuse({ ceilings });
  refuse({ ceilings: { ...ceilings, requests: 50 } }, paid);
  // A load that nothing is judged by is not sent.
  refuse({ ceilings }, paid, runOf([]));
});
