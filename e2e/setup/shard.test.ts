import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSchema } from '../core/budget/loadSchema.ts';
import { latencyP95 } from '../core/testing/objectives.ts';
import { fakeServer, sendJson } from '../probes/testing/fakeServer.ts';
import { LOAD_OPERATIONS } from '../salestalk/operations.ts';
import { describeShard, measureClockOffset, readShard } from './shard.ts';

const NOW_MS = Date.parse('2027-01-15T12:00:00Z');
const LOAD = loadSchema(LOAD_OPERATIONS).parse({
  scenarios: [{ operations: { chat: 1 } }],
  users: 3,
  durationSeconds: 5,
});
const BUDGET = { loads: { peak: LOAD, sustained: LOAD, soak: LOAD, capacity: LOAD } };

const read = (variables: Record<string, string>, project = 'load', budget: object = BUDGET) =>
  readShard(
    { PERF_SHARD: '2/5', PERF_START_AT: '2027-01-15T12:05:00Z', ...variables },
    project.split(','),
    budget as Parameters<typeof readShard>[2],
    NOW_MS,
  );

test('a shard is read with its loads in the order of their specs, and the moment in either spelling', () => {
  const expected = { index: 2, of: 5, startAtMs: NOW_MS + 300_000, loads: ['peak', 'sustained'] };
  assert.deepEqual(read({}), expected);
  assert.deepEqual(read({ PERF_START_AT: '2027-01-15T14:05:00+02:00' }), expected);
  assert.deepEqual(read({ PERF_START_AT: `${NOW_MS + 300_000}` }), expected);
  assert.deepEqual(read({ PERF_LOAD: 'sustained' })?.loads, ['sustained']);
  assert.deepEqual(read({}, 'soak')?.loads, ['soak']);
  assert.equal(read({ PERF_SHARD: '' }, 'perf'), null);
});

test('what cannot be a shard is refused, with the option and the reason', () => {
  const refused: [RegExp, Record<string, string>, string?, object?][] = [
    ...['0/5', '6/5', '2', '1/0', '-1/5', '2/5x'].map(
      (PERF_SHARD) => [/--shard/, { PERF_SHARD }] as [RegExp, Record<string, string>],
    ),
    [/--start-at[\s\S]*nothing/, { PERF_START_AT: '' }],
    // The clock of the machine decides what it means.
    [/--start-at/, { PERF_START_AT: '2027-01-15T12:05:00' }],
    [/has passed/, { PERF_START_AT: '2027-01-15T11:59:59Z' }],
    // Seconds would be a moment in 1970.
    [/--start-at/, { PERF_START_AT: `${NOW_MS / 1000 + 300}` }],
    [/no load "fiveTenants"[\s\S]*peak, sustained/, { PERF_LOAD: 'fiveTenants' }],
    [/follows from the answers/, {}, 'capacity'],
    [/found {4}perf\n/, {}, 'perf'],
    [/found {4}load, soak\n/, {}, 'load,soak'],
    [/an embedded SalesTalk of its own/, {}, 'load', { ...BUDGET, embedded: { flavour: 'a' } }],
  ];
  for (const [message, ...args] of refused) {
    assert.throws(() => read(...args), { code: 'SHARD_INVALID', message }, `${message}`);
  }
});

const OPTIONS = { index: 1, of: 2, startAtMs: NOW_MS, loads: ['peak', 'sustained'] };
const PLAN = {
  objectives: [{ ...latencyP95, workload: 'sustained' }],
  seedOf: () => 7,
  identity: ['budget', ['acme-corp-001']],
};

test('shards agree on the run without a word between them, and other plans are other runs', () => {
  const { id, shard } = describeShard(OPTIONS, PLAN, { offsetMs: 12.4, withinMs: 15 });
  assert.match(id, /^20270115T120000000Z-[0-9a-f]{8}$/);
  assert.deepEqual(shard, {
    index: 1,
    of: 2,
    startAtMs: NOW_MS,
    loads: ['sustained'],
    seed: 7,
    clockOffsetMs: 12,
  });
  assert.equal(describeShard({ ...OPTIONS, index: 2 }, PLAN, null).id, id);
  for (const other of [
    describeShard({ ...OPTIONS, of: 3 }, PLAN, null),
    describeShard({ ...OPTIONS, startAtMs: NOW_MS + 1 }, PLAN, null),
    describeShard(OPTIONS, { ...PLAN, identity: ['another budget', ['acme-corp-001']] }, null),
  ]) {
    assert.notEqual(other.id, id);
  }
});

test('a load without objectives, and a clock that is off, are refused', () => {
  assert.throws(() => describeShard({ ...OPTIONS, loads: ['peak'] }, PLAN, null), {
    code: 'SHARD_INVALID',
    message: /found {4}peak\n/,
  });
  for (const [offsetMs, found] of [
    [3_600_000, /a clock 3600 s behind/],
    [-3_600_000, /a clock 3600 s ahead/],
  ] as const) {
    assert.throws(() => describeShard(OPTIONS, PLAN, { offsetMs, withinMs: 20 }), {
      code: 'SHARD_INVALID',
      message: found,
    });
  }
});

test('how far a clock is ahead is measured by dates of whole seconds', async () => {
  const measure = async (offsetMs: number) => {
    await using server = await fakeServer((_, response) => {
      response.setHeader('date', new Date(Date.now() + offsetMs).toUTCString());
      sendJson(response, 200, { status: 'ok' });
    });
    const measured = await measureClockOffset(server.url, '1.1');
    assert.ok(measured !== null);
    // It takes the time of the answers too, which is long on a busy machine.
    assert.ok(Math.abs(measured.offsetMs - offsetMs) <= measured.withinMs + 5, `${offsetMs}`);
    assert.ok(measured.withinMs < 250, `${measured.withinMs}`);
  };
  await Promise.all([0, 3_600_250, -1_730].map(measure));
});

test('an answer without a date, or with one that a cache repeats, says nothing of the clock', async () => {
  const measure = async (date: string | null) => {
    await using server = await fakeServer((_, response) => {
      response.sendDate = false;
      if (date !== null) response.setHeader('date', date);
      sendJson(response, 200, { status: 'ok' });
    });
    assert.equal(await measureClockOffset(server.url, '1.1'), null);
  };
  await Promise.all([null, new Date(Date.now() - 300).toUTCString()].map(measure));
});
