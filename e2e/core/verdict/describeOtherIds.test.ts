import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLineOf, tableOf } from '../testing/loadOf.ts';
import { availability, latencyP95 } from '../testing/objectives.ts';
import { recordOf, requestOf } from '../testing/recordOf.ts';
import { describeOtherIds } from './describeOtherIds.ts';
import { judgeRun } from './judgeRun.ts';

const OTHER = { header: 'Root=1-67', body: 'Root=1-67' };

test('once for the run, with how many and an example, and never a breach', () => {
  const requests = Array.from({ length: 80 }, (_, at) =>
    requestOf(at, {
      checks: { isolation: true },
      ...(at < 3 ? {} : { answeredIds: OTHER }),
    }),
  );
  const isolation = { ...availability, id: 'tenants.isolation', metric: 'isolation' } as const;
  const never = { ...isolation, objective: 0, allowedShare: 0, sampleBudget: 59 };
  const record = recordOf([latencyP95, never], { requests });
  const { verdict, violations, findings } = judgeRun(record, {
    selected: [latencyP95.id, never.id],
  });
  assert.deepEqual([verdict, violations], ['pass', []]);
  assert.deepEqual(findings, [
    'request ids are not carried through: 77 of 80 requests (the first: sent request-3, got Root=1-67 in the header and in the body); these answers cannot be tied to their requests by id',
  ]);
  assert.deepEqual(judgeRun(recordOf([latencyP95]), { selected: [latencyP95.id] }).findings, []);
});

test('which of the two it is, and what was answered made fit to be shown', () => {
  const found = (header: string | null, body: string | null) =>
    describeOtherIds({ requests: [requestOf(0, { answeredIds: { header, body } })], loads: [] });
  assert.match(found(null, 'request-0') ?? '', /got none in the header, request-0 in the body\)/);
  assert.match(found('\u001b[31mred', 'b') ?? '', /got \[31mred in the header, b in the body\)/);
});

test('under load as well', () => {
  const otherIds = { n: 2, sent: 'request-1', answered: OTHER };
  const line = loadLineOf([{}, {}, {}], { otherIds });
  assert.match(
    describeOtherIds({ requests: [], loads: [tableOf(line)] }) ?? '',
    /: 2 of 3 requests \(the first: sent request-1, got Root=1-67 /,
  );
});
