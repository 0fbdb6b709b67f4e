import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestLine } from '../record/recordLine.ts';
import { loadLineOf, tableOf } from '../testing/loadOf.ts';
import { latencyP95 } from '../testing/objectives.ts';
import { recordOf, requestOf, STARTED_AT_MS } from '../testing/recordOf.ts';
import { judgeRun } from './judgeRun.ts';
import { unansweredTargets } from './unansweredTargets.ts';

const FAILED = { status: 503, failure: 'status 503' };

/** 90 answers, then `failures` at `everyMs`. */
function requests(failures: number, everyMs: number, parts: Partial<RequestLine> = {}) {
  const answered = Array.from({ length: 90 }, (_, at) => requestOf(at, parts));
  const failed = Array.from({ length: failures }, (_, at) =>
    requestOf(90 + at, {
      ...FAILED,
      sentAtMs: STARTED_AT_MS + 10_000 + at * everyMs,
      values: { endedMs: 5 },
      ...parts,
    }),
  );
  return [...answered, ...failed];
}

test('a target that answers nothing any more is named with the time since when', () => {
  const record = recordOf([], { requests: requests(116, 140) });
  assert.deepEqual(unansweredTargets(record), [
    'The target has answered nothing since 2027-01-15T08:00:10Z: the last 116 requests of baseline failed, over 16 s; the last: status 503',
  ]);
});

test('neither few failures nor a short time of them, an answer after them or a fault of ours says so', () => {
  for (const [what, lines] of [
    ['99 failures', requests(99, 200)],
    ['ten seconds', requests(200, 50)],
    ['an answer', [...requests(116, 140), requestOf(999, { sentAtMs: STARTED_AT_MS + 60_000 })]],
    ['a fault', requests(116, 140, { fault: 'brokenModel' })],
  ] as const) {
    assert.deepEqual(unansweredTargets(recordOf([], { requests: [...lines] })), [], what);
  }
});

test('an answer that was sent among the failures, and came before them, is not after them', () => {
  const burst = requests(116, 140).map((line, at) =>
    at < 90 || at >= 190
      ? line
      : { ...line, sentAtMs: STARTED_AT_MS + 10_000 + at / 10, values: { endedMs: 50 } },
  );
  const answered = requestOf(999, { sentAtMs: STARTED_AT_MS + 10_018, values: { endedMs: 1 } });
  assert.equal(unansweredTargets(recordOf([], { requests: [...burst, answered] })).length, 1);
});

test('the same of a load', () => {
  const load = (failures: number) =>
    tableOf(
      loadLineOf(
        Array.from({ length: 1000 + failures }, (_, at) =>
          at < 1000 ? {} : { failure: 'status 503' },
        ),
      ),
    );
  assert.deepEqual(unansweredTargets(recordOf([], { loads: [load(1400)] })), []);
  assert.deepEqual(unansweredTargets(recordOf([], { loads: [load(1600)] })), [
    'The target has answered nothing since 2027-01-15T08:00:10Z: the last 1600 requests of sustained failed, over 16 s; the last: status 503',
  ]);
});

test('the run fails by it, and an objective keeps what its own events say', () => {
  const record = recordOf([latencyP95], { requests: requests(116, 140) });
  const { verdict, violations, judgements } = judgeRun(record, { selected: [latencyP95.id] });
  assert.equal(verdict, 'fail');
  assert.equal(violations.length, 1);
  assert.equal(judgements[0]?.verdict, 'pass');
});
