import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../budget/objective.ts';
import { loadLineOf, tableOf } from '../testing/loadOf.ts';
import { availability, latencyP95 } from '../testing/objectives.ts';
import { recordOf, requestOf } from '../testing/recordOf.ts';
import { foreignAnswers } from './foreignAnswers.ts';
import { judgeRun } from './judgeRun.ts';

const isolation: Objective = {
  ...availability,
  id: 'tenants.isolation',
  metric: 'isolation',
  objective: 0,
  allowedShare: 0,
};
const UNDER_LOAD: Objective = { ...isolation, id: 'sustained.isolation', workload: 'sustained' };
const FOREIGN = requestOf(7, { checks: { isolation: false } });
const load = (isolated: boolean, parts = {}) =>
  tableOf(loadLineOf([{}, { isolated }, {}], { workload: 'sustained', ...parts }));

test('a foreign answer that nothing judges is told, whatever the run was for', () => {
  const record = recordOf([], { requests: [FOREIGN, requestOf(8)], loads: [load(false)] });
  assert.deepEqual(foreignAnswers([latencyP95], record), [
    '1 answer of baseline held the data of another tenant, and no objective that was judged counts it',
    '1 answer of sustained held the data of another tenant, and no objective that was judged counts it',
  ]);
  assert.deepEqual(foreignAnswers([], recordOf([], { loads: [load(true)] })), []);
});

test('what an objective judges is left to it, what it leaves out is not', () => {
  const all = { ...isolation, workload: null };
  assert.deepEqual(foreignAnswers([all], recordOf([], { requests: [FOREIGN] })), []);
  for (const parts of [{ warmUp: true }, { fault: 'slowModel' }]) {
    const record = recordOf([], { requests: [{ ...FOREIGN, ...parts }] });
    assert.equal(foreignAnswers([all], record).length, 1, JSON.stringify(parts));
  }
  assert.deepEqual(foreignAnswers([UNDER_LOAD], recordOf([], { loads: [load(false)] })), []);
  // An objective over all workloads counts no load.
  assert.equal(foreignAnswers([all], recordOf([], { loads: [load(false)] })).length, 1);
  const warmUp = recordOf([], { loads: [load(false, { warmUp: true })] });
  assert.equal(foreignAnswers([UNDER_LOAD], warmUp).length, 1);
});

test('a run that met one fails, though every objective is met', () => {
  const requests = Array.from({ length: 100 }, (_, at) => requestOf(at));
  const clean = recordOf([latencyP95], { requests });
  assert.equal(judgeRun(clean, { selected: [latencyP95.id] }).verdict, 'pass');
  const record = { ...clean, loads: [load(false)] };
  const { verdict, violations, judgements } = judgeRun(record, { selected: [latencyP95.id] });
  assert.deepEqual([verdict, violations.length, judgements[0]?.verdict], ['fail', 1, 'pass']);
});
