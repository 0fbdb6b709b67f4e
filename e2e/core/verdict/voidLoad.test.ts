import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLineOf, processLineOf, tableOf } from '../testing/loadOf.ts';
import { latencyP95 } from '../testing/objectives.ts';
import { recordOf } from '../testing/recordOf.ts';
import { judgeRun } from './judgeRun.ts';

const OBJECTIVE = { ...latencyP95, workload: 'sustained', spans: true };
const ISOLATION = {
  ...OBJECTIVE,
  id: 'sustained.isolation',
  metric: 'isolation',
  unit: 'share',
  objective: 0,
  quantile: null,
  allowedShare: 0,
  sampleBudget: 100,
} as const;

/** A load of 200 requests, each answered after so long and sent so late. */
function judged(
  { serviceMs = 350, lateMs = 1, isolated = true },
  processes = [processLineOf({ workload: 'sustained', process: 'harness', cpuShare: 0.2 })],
) {
  const requests = Array.from({ length: 200 }, () => ({ serviceMs, lateMs, isolated }));
  const loads = [tableOf(loadLineOf(requests, { workload: 'sustained' }))];
  const objectives = [OBJECTIVE, ISOLATION];
  const { judgements } = judgeRun(recordOf(objectives, { loads, processes }), {
    selected: objectives.map(({ id }) => id),
  });
  return judgements;
}

const verdicts = (judgements: ReturnType<typeof judged>) =>
  judgements.map(({ verdict }) => verdict);

test('a load that was offered as scheduled is judged', () => {
  assert.deepEqual(verdicts(judged({})), ['pass', 'pass']);
  assert.deepEqual(verdicts(judged({ serviceMs: 2850 })), ['fail', 'pass']);
});

test('a generator that was late voids a pass and a fail, and says by how much', () => {
  for (const serviceMs of [350, 2850]) {
    const [latency] = judged({ serviceMs, lateMs: 250 });
    assert.equal(latency?.verdict, 'inconclusive');
    assert.match(
      latency?.reason ?? '',
      /sends were late by 250\.0 ms at P99, 200 ms are tolerated/,
    );
  }
});

test('so does a harness, or a mock of the model, that had no CPU to spare; a target without any is what is measured', () => {
  for (const [process, verdict] of [
    ['harness', 'inconclusive'],
    ['model', 'inconclusive'],
    ['target', 'fail'],
  ] as const) {
    const line = processLineOf({ workload: 'sustained', process, cpuShare: 0.95 });
    assert.equal(judged({ serviceMs: 2850 }, [line])[0]?.verdict, verdict, process);
  }
});

test('what another tenant was given is no matter of lateness', () => {
  const [, isolation] = judged({ lateMs: 5000, isolated: false });
  assert.equal(isolation?.verdict, 'fail');
});
