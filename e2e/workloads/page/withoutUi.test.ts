import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveObjectives } from '../../core/budget/resolveObjectives.ts';
import { SALESTALK_OPERATIONS } from '../../salestalk/operations.ts';
import { loadBudget } from '../../setup/loadBudget.ts';

const OF_EXPERIENCE = /^(desktop|phone|desktopRepeat|phoneRepeat|lighthouseFlow)\./;

test('of a target without a page, no visit is measured, and it is said why', () => {
  const { budget, file } = loadBudget('local');
  const without = { ...budget, supports: { ...budget.supports, ui: false } };
  const { objectives, notMeasured } = resolveObjectives(without, file, SALESTALK_OPERATIONS);
  assert.deepEqual(
    objectives.filter(({ id }) => OF_EXPERIENCE.test(id)),
    [],
  );
  const ofVisits = notMeasured.filter(({ id }) => OF_EXPERIENCE.test(id));
  assert.ok(ofVisits.length >= 35, `${ofVisits.length}`);
  for (const { id, reason } of ofVisits) assert.equal(reason, 'target has no UI', id);
});

test('of a page with a real model, what takes a question is not measured, and what takes none is', () => {
  const { budget, file } = loadBudget('local');
  const real = { ...budget, supports: { ...budget.supports, mockedAi: false } };
  const { objectives } = resolveObjectives(real, file, SALESTALK_OPERATIONS);
  const operations = objectives
    .filter(({ id }) => OF_EXPERIENCE.test(id))
    .map(({ operation }) => operation);
  assert.deepEqual([...new Set(operations)].sort(), ['desktopRepeat', 'phoneRepeat']);
});
