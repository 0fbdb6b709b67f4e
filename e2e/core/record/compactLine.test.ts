import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedWith, loadLineOf, NEVER_SENT } from '../testing/loadOf.ts';
import { compactLine, flagAt, NONE, timeAt } from './compactLine.ts';

test('what was not observed is told from what was nothing, and what was is what it was', () => {
  const line = loadLineOf([
    { lateMs: 0, serviceMs: 0, modelMs: null, isolated: false, connectionReused: null },
    NEVER_SENT,
    failedWith('status 500', { tenant: 'globex-002' }),
  ]);
  const compact = compactLine(line);
  const times = ['lateMs', 'serviceMs', 'modelMs'] as const;
  for (const column of times) {
    assert.deepEqual(
      line[column].map((_, at) => timeAt(compact[column], at)),
      line[column],
    );
  }
  for (const column of ['isolated', 'connectionReused'] as const) {
    assert.deepEqual(
      line[column].map((_, at) => flagAt(compact[column], at)),
      line[column],
    );
  }
  for (const column of ['index', 'dueMs', 'operation', 'tenant'] as const)
    assert.deepEqual([...compact[column]], line[column]);
  assert.deepEqual([...compact.failure], [NONE, 0, 1]);
});
