import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { ExpectMatcherState } from '@playwright/test';
import type { Objective } from '../core/budget/objective.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import {
  availability,
  latencyP95,
  latencyRegression,
  metadataAccuracy,
  modelCallsPerRequest,
} from '../core/testing/objectives.ts';
import { modelCallOf, noopOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { nextSteps, planRerun } from '../report/nextSteps.ts';
import { budgetMessage } from './budgetMessage.ts';
import { judgeMeasured, type Measured, selectedObjectives } from './judgeMeasured.ts';
import { toMeetBudget } from './toMeetBudget.ts';
import { worstMeasurements } from './worstMeasurements.ts';

const RERUN = { target: 'local', command: 'npx playwright test --project=perf --grep "x"' };
const UUID = '550e8400-e29b-41d4-a716-446655440000';
const slow = (n: number, slowOnes: number) =>
  Array.from({ length: n }, (_, at) =>
    requestOf(at, { values: { latencyMs: at % (n / slowOnes) === 0 ? 2500 + at : 350 } }),
  );

test('the message for a missed objective shows expected and measured values, the five worst measurements, and what to do', () => {
  const message = buildMessage(latencyP95, recordOf([latencyP95], { requests: slow(400, 100) }));
  assert.match(
    message,
    /^expect\(measured\)\.toMeetBudget\('classify\.latency\.p95'\) failed\n\nObjective: classify latency P95 < 2000 ms\nVerdict: {3}fail\nEstimate: {2}P95 \d+\.\d ms \[\d+\.\d, \d+\.\d\] at 95 % confidence\nMeasured: {2}n = 400, 100 bad, 0 failed; P50 350\.0 ms, min 350\.0 ms, max 2896\.0 ms\nBecause: {3}100 of 400 took 2000 ms or longer/,
  );
  const worst = message.split('Worst measurements:\n')[1]?.split('\n').slice(0, 5);
  assert.deepEqual(
    worst?.[0],
    '  2027-01-15T08:00:39.600Z  2896.0 ms  request request-396, acme-corp-001',
  );
  assert.equal(worst?.filter((line) => / 28\d\d\.0 ms /.test(line)).length, 5);
  assert.match(message, /What to do next:\n {2}- Find these requests in the log/);
  assert.match(message, /- Run it again:\n {4}npx playwright test/);
});

test('the advice names the budget file of the objective', () => {
  const requests = slow(400, 100);
  for (const [parts, file] of [
    [{}, 'budgets/local.json'],
    [{ inheritedFrom: 'budgets/common.json' }, 'budgets/common.json'],
  ] as const) {
    const objective = { ...latencyP95, ...parts };
    const message = unwrapped(buildMessage(objective, recordOf([objective], { requests })));
    const advice = `If the objective is wrong, change objectives → "${objective.id}" in ${file}.`;
    assert.ok(message.includes(advice), message);
  }
});

test('an inconclusive objective says what is missing and which change would settle it', () => {
  const twenty = { ...latencyP95, sampleBudget: 20 };
  const message = buildMessage(twenty, recordOf([twenty], { requests: slow(20, 1).slice(1) }));
  assert.match(message, /Verdict: {3}inconclusive/);
  assert.match(unwrapped(message), /more would settle it as a pass/);
  const [, size] =
    /Set sampleBudget of objectives → "classify\.latency\.p95" in budgets\/local\.json to (\d+) or more \(it is 20\)/.exec(
      unwrapped(message),
    ) ?? [];
  const enough = { ...latencyP95, sampleBudget: Number(size) };
  const requests = Array.from({ length: Number(size) }, (_, at) => requestOf(at));
  const settled = judgeMeasured(enough.id, recordOf([enough], { requests }), []);
  assert.equal(settled.kind === 'judged' && settled.judgement.verdict, 'pass');
});

test('no line of a message is too long for the report', () => {
  const withUuid = (request: RequestLine) => ({ ...request, requestId: UUID });
  const inconclusive = slow(72, 6).map(withUuid);
  const missed = slow(400, 100).map(withUuid);
  const failed = missed.map((request) => ({
    ...request,
    failure: 'no more than this '.repeat(30),
  }));
  for (const message of [
    buildMessage(latencyP95, recordOf([latencyP95], { requests: inconclusive })),
    buildMessage(latencyP95, recordOf([latencyP95], { requests: missed })),
    buildMessage(availability, recordOf([availability], { requests: failed })),
  ]) {
    for (const line of message.split('\n')) assert.ok(line.length <= 104, line);
  }
  const [finding] = buildMessage(latencyP95, recordOf([latencyP95], { requests: missed }))
    .split('Worst measurements:\n')
    .slice(1);
  assert.match(finding ?? '', /^ {2}\S+Z {2}2896\.0 ms {2}request [-0-9a-f]{36}, acme-corp-001\n/);
});

test('the bad events of a share are listed in the order of sending, with their reasons', () => {
  const requests = Array.from({ length: 200 }, (_, at) =>
    requestOf(at, at % 20 === 3 ? { failure: '500 Internal\u001b[31m\nServerError' } : {}),
  );
  const message = buildMessage(availability, recordOf([availability], { requests }));
  assert.match(
    message,
    /First bad measurements:\n {2}2027-01-15T08:00:00\.300Z {2}500 Internal \[31m ServerError {2}request request-3, acme-corp-001\n/,
  );
  const halved = Array.from({ length: 60 }, (_, at) =>
    requestOf(at, { values: { latencyMs: 350, ...(at === 0 ? {} : { reportedLatencyMs: 175 }) } }),
  );
  const metadata = recordOf([metadataAccuracy], { requests: halved, noops: [noopOf(0.5)] });
  assert.match(buildMessage(metadataAccuracy, metadata), /reported nothing, measured 350\.0 ms/);
  assert.match(buildMessage(metadataAccuracy, metadata), /reported 175\.0 ms, measured 350\.0 ms/);
});

test('an objective of counts lists the greatest, and one without data has no estimate', () => {
  const requests = [requestOf(0, { operation: 'chat' })];
  const modelCalls = [1, 2, 3].map((attempt) => modelCallOf(0, { attempt }));
  const counted = buildMessage(
    modelCallsPerRequest,
    recordOf([modelCallsPerRequest], { requests, modelCalls }),
  );
  assert.match(counted, /Worst measurements:\n {2}[^ ]+Z {2}3 calls {2}/);
  const nothing = buildMessage(latencyP95, recordOf([latencyP95]));
  assert.match(nothing, /Estimate: {2}no data\n/);
  assert.ok(!nothing.includes('Worst measurements'));
});

const measuredFrom = (record: RunRecord, whyNotServed: string | null = null): Measured => ({
  readRecord: () => record,
  whyNotServed: () => whyNotServed,
  diagnose: async () => null,
});

test('an objective that was not measured, an unknown id and .not each have their own message', async () => {
  const record = recordOf([latencyP95]);
  record.run.notMeasured = [{ id: 'page.lcp', reason: 'the target has no page' }];
  const messageFor = async (id: string, isNot = false) => {
    const state = { isNot } as ExpectMatcherState;
    const result = await toMeetBudget.call(state, measuredFrom(record), id);
    assert.equal(result.pass, isNot);
    return result.message();
  };
  assert.match(await messageFor('page.lcp'), /Not measured: the target has no page/);
  assert.match(
    await messageFor('classify.latency.p59'),
    /The budget of local has no objective "classify\.latency\.p59"\. It has:\n {2}classify\.latency\.p95\n {2}page\.lcp/,
  );
  assert.match(
    await messageFor('classify.latency.p95', true),
    /\.not\.toMeetBudget\(\) is not supported/,
  );
});

test('an objective that the measurement does not serve fails, even if the record shows that it is met', async () => {
  const record = recordOf([latencyP95], {
    requests: Array.from({ length: 200 }, (_, at) => requestOf(at)),
  });
  const judged = judgeMeasured(latencyP95.id, record, []);
  assert.equal(judged.kind === 'judged' && judged.judgement.verdict, 'pass');
  const measured = measuredFrom(record, 'This measurement does not serve it. outage() does.');
  const state = { isNot: false } as ExpectMatcherState;
  const result = await toMeetBudget.call(state, measured, latencyP95.id);
  assert.equal(result.pass, false);
  assert.equal(
    result.message(),
    "expect(measured).toMeetBudget('classify.latency.p95') failed\n\nThis measurement does not serve it. outage() does.\n",
  );
});

test('the matcher uses the error rates of the run, shared by all selected objectives', () => {
  const many = Array.from({ length: 25 }, (_, at) => ({
    ...latencyP95,
    id: `classify.latency.${at}`,
  }));
  const record = recordOf(many, { requests: slow(60, 10) });
  const countObjectives = (selected: string[]) => {
    const result = judgeMeasured('classify.latency.0', record, selected);
    return result.kind === 'judged' ? result.rates.objectivesInRun : null;
  };
  assert.equal(countObjectives([]), 1);
  assert.equal(countObjectives(many.map(({ id }) => id)), 25);
  const env = (PERF_SELECTED?: string) => selectedObjectives(record.run, { PERF_SELECTED });
  assert.deepEqual(env('["classify.latency.3","unknown"]'), ['classify.latency.3']);
  assert.equal(env().length, 25);
  assert.throws(() => env('{}'));
});

test('a regression names its baseline, and what to do about it, without a plot', () => {
  const messageAt = (latencyMs: number) => {
    const requests = Array.from({ length: 5 }, (_, at) => requestOf(at, { values: { latencyMs } }));
    const record = recordOf([latencyP95, latencyRegression], { requests });
    return unwrapped(buildMessage(latencyRegression, record));
  };
  const missed = messageAt(700);
  assert.match(missed, /Objective: classify latency regression < 1\.1 ×\nVerdict: {3}fail\n/);
  assert.match(missed, /Because: {3}median 700\.0 ms; baseline of 2026-11-29 339\.9 ms/);
  assert.match(missed, /- Compare the commits since the baseline: .*baseline:accept\./);
  assert.doesNotMatch(missed, /plot|Worst measurements/);
  const open = messageAt(400);
  assert.match(open, /Verdict: {3}inconclusive/);
  assert.match(open, /accept a baseline of more runs \(npm run baseline:accept -- --runs 10\)/);
  assert.doesNotMatch(open, /sampleBudget/);
});

function buildMessage(objective: Objective, record: RunRecord): string {
  const result = judgeMeasured(objective.id, record, []);
  assert.ok(result.kind === 'judged');
  const findings = worstMeasurements(objective, result.series, record);
  const steps = nextSteps(objective, result.judgement, RERUN);
  return stripVTControlCharacters(budgetMessage(result, null, findings, steps));
}

/** The message with its sentences in one line each. */
function unwrapped(message: string): string {
  return message.replaceAll(/\n +(?=\S)/g, ' ');
}

test('the command that runs a test again selects it by its tag, else by its place, quoted for the shell', () => {
  const place = { file: `${process.cwd()}/my specs/a.spec.ts`, line: 7, project: { name: 'perf' } };
  const { command } = planRerun({ ...place, tags: ['@performance'] }, 'a.latency.p95', 'local');
  assert.equal(command, "npx playwright test --project=perf 'my specs/a.spec.ts:7'");
  const byTag = planRerun(
    { ...place, tags: ['@performance', '@a.latency.p95'], project: { name: 'my perf' } },
    'a.latency.p95',
    'local',
  );
  assert.equal(byTag.command, 'npx playwright test \'--project=my perf\' --grep "@a.latency.p95"');
});
