import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestLine } from '../core/record/measurementLine.ts';
import { underFault } from '../core/testing/objectives.ts';
import { type CallAt, failedAt, leftAt, readingOf } from './testing/readingOf.ts';

const FAULTY: CallAt[] = [[0, 20, { fault: 'malformedJson' }]];
const ANSWERED: Partial<RequestLine> = {};
const REFUSED = failedAt(40);
const LEFT = leftAt(40);
const DROPPED: Partial<RequestLine> = { status: null, failure: 'reset', values: { endedMs: 5 } };

/** Without the check: the reading of an answer, a refusal, a caller who left, and a dropped connection. */
const DUE = {
  isolation: ['missing', 'nothing', 'nothing', 'nothing'],
  contract: ['nothing', 'missing', 'nothing', 'missing'],
  secrecy: ['nothing', 'missing', 'nothing', 'nothing'],
  soundness: ['missing', 'missing', 'missing', 'missing'],
} as const;

for (const [name, unmade] of Object.entries(DUE)) {
  test(`the check ${name} counts where it is due, and is missing where it was not made`, () => {
    const objective = underFault(name as keyof typeof DUE);
    for (const [at, request] of [ANSWERED, REFUSED, LEFT, DROPPED].entries()) {
      const reading = (checks: Record<string, boolean>) =>
        readingOf(objective, { ...request, checks }, FAULTY);
      const other = { [name === 'secrecy' ? 'contract' : 'secrecy']: true };
      const isDue = unmade[at] === 'missing';
      assert.equal(reading(other), unmade[at]);
      assert.equal(reading({ ...other, [name]: true }), isDue ? 'good' : 'nothing');
      assert.equal(reading({ ...other, [name]: false }), isDue ? 'bad' : 'nothing');
    }
  });
}

test('a sound answer of a model that was well leaves soundness missing, and an unsound one is bad', () => {
  const soundness = underFault('soundness');
  for (const calls of [[], [[0, 20, { fault: null }]] satisfies CallAt[]]) {
    assert.equal(readingOf(soundness, { checks: { soundness: true } }, calls), 'missing');
    assert.equal(readingOf(soundness, { checks: { soundness: false } }, calls), 'bad');
  }
});

test('an error in the middle of a stream is due, and missing where its form was not checked', () => {
  const request = { status: 200, failure: 'error event', values: { endedMs: 40 } };
  const reading = (checks: Record<string, boolean>) =>
    readingOf(underFault('contract'), { ...request, checks }, FAULTY);
  assert.equal(reading({ contract: true }), 'good');
  assert.equal(reading({ contract: false }), 'bad');
  assert.equal(reading({}), 'missing');
  const secrecy = { ...request, checks: { contract: true } };
  assert.equal(readingOf(underFault('secrecy'), secrecy, FAULTY), 'missing');
});
