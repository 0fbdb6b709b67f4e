import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latencyP95 } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import { judgeRun, type RunJudgement } from '../core/verdict/judgeRun.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import { concludeRun, type RunCourse } from './concludeRun.ts';
import { UNDISTURBED } from './testing/summaryOf.ts';

/** Judges a run whose answers all took this long. */
function judgeAt(latencyMs: number, objective = latencyP95, n = 100): RunJudgement {
  const requests = Array.from({ length: n }, (_, at) => requestOf(at, { values: { latencyMs } }));
  const record = recordOf([objective], { requests });
  if (objective.gap !== null) {
    record.run.knownGaps = [{ id: objective.gap, what: 'slow', release: 'v1.2', impact: 'low' }];
  }
  return judgeRun(record, deriveEvents, { selected: [objective.id] });
}

const judged = (verdict: RunJudgement['verdict']) => ({ ...judgeAt(350), verdict });
const missed = judgeAt(9000);
const withoutData = judgeAt(350, latencyP95, 0);

test('the verdict of an undisturbed run is that of its objectives', () => {
  assert.deepEqual(concludeRun(judged('pass'), UNDISTURBED), { verdict: 'pass', reasons: [] });
  const failed = { ...UNDISTURBED, status: 'failed' as const };
  assert.equal(concludeRun(judged('fail'), failed).verdict, 'fail');
  assert.equal(concludeRun(judged('inconclusive'), failed).verdict, 'inconclusive');
});

test('a run that was cut short never passes, and a miss in it stays a miss', () => {
  for (const status of ['interrupted', 'timedout'] as const) {
    const cut = concludeRun(judged('pass'), { ...UNDISTURBED, status });
    assert.equal(cut.verdict, 'inconclusive');
    assert.equal(cut.reasons.length, 1);
    assert.equal(concludeRun(missed, { ...UNDISTURBED, status }).verdict, 'fail');
  }
});

test('another failure fails the run and is reported', () => {
  const broken = {
    ...UNDISTURBED,
    status: 'failed' as const,
    otherFailures: ['the test "x" failed'],
  };
  for (const verdict of ['pass', 'inconclusive'] as const) {
    assert.deepEqual(concludeRun(judged(verdict), broken), {
      verdict: 'fail',
      reasons: ['the test "x" failed'],
    });
  }
});

test('a run that an expired token ended is inconclusive, unless an objective was missed before', () => {
  const ended = { ...UNDISTURBED, status: 'failed' as const, endedBy: ['the token ran out'] };
  assert.deepEqual(concludeRun(judged('pass'), ended), {
    verdict: 'inconclusive',
    reasons: ['the token ran out'],
  });
  assert.equal(withoutData.verdict, 'fail');
  assert.equal(concludeRun(withoutData, ended).verdict, 'inconclusive');
  assert.equal(concludeRun(withoutData, UNDISTURBED).verdict, 'fail');
  assert.equal(concludeRun(missed, ended).verdict, 'fail');
});

test('a run that Playwright reports as failed does not pass', () => {
  assert.equal(concludeRun(judged('pass'), { ...UNDISTURBED, status: 'failed' }).verdict, 'fail');
});

test('a run that was interrupted before any measurement missed nothing', () => {
  const course: RunCourse = { ...UNDISTURBED, status: 'interrupted', hasRecord: false };
  const { verdict, reasons } = concludeRun(withoutData, course);
  assert.equal(verdict, 'inconclusive');
  assert.ok(reasons.includes('nothing was measured'), reasons.join());
});

test('a run without a record fails, and one without objectives does not pass', () => {
  assert.equal(concludeRun(judged('pass'), { ...UNDISTURBED, hasRecord: false }).verdict, 'fail');
  const nothing = { ...judged('pass'), judgements: [] };
  assert.equal(concludeRun(nothing, UNDISTURBED).verdict, 'inconclusive');
});

test('a miss of an open gap does not fail the run; a closed gap does until it is removed from the list', () => {
  const gapped = { ...latencyP95, gap: 'slow-classify' };
  assert.deepEqual(concludeRun(judgeAt(9000, gapped), UNDISTURBED), {
    verdict: 'pass',
    reasons: [],
  });
  const ended = { ...UNDISTURBED, status: 'failed' as const, endedBy: ['the token ran out'] };
  assert.equal(concludeRun(judgeAt(9000, gapped), ended).verdict, 'inconclusive');
  const closed = {
    verdict: 'fail',
    reasons: [
      'known gap "slow-classify" is closed: remove it from knownGaps in budgets/common.json',
    ],
  };
  const course = { ...UNDISTURBED, gapsFile: 'budgets/common.json' };
  assert.deepEqual(concludeRun(judgeAt(350, gapped), course), closed);
  assert.deepEqual(concludeRun(judgeAt(350, gapped), { ...course, status: 'failed' }), closed);
});
