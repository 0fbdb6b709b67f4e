import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { requestOf, runOf } from '../core/testing/recordOf.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { RecordWriter } from '../setup/recordWriter.ts';
import { CONTROL_TOKEN, type FakeAiMock, fakeAiMock } from '../testing/fakeAiMock.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { ModelCallCollector } from './modelCalls.ts';

const SCOPE = requestOf(0).scope;

type Collecting = { aiMock: FakeAiMock; record: RecordWriter; another: () => ModelCallCollector };

async function withCollector(
  use: (collector: ModelCallCollector, more: Collecting) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  await using aiMock = await fakeAiMock();
  const recordFile = path.join(folder.path, 'measurements.ndjson');
  const record = new RecordWriter({ id: 'run-1', recordFile, header: runOf([]) });
  const control = new AiMockControl(aiMock.url, CONTROL_TOKEN);
  await control.setBehaviours(SCOPE, 1, []);
  const another = () => new ModelCallCollector(control, SCOPE, record);
  await use(another(), { aiMock, record, another });
}

const indexesOf = (record: RecordWriter) => record.soFar.modelCalls.map(({ index }) => index);

test('a call is recorded once the request that caused it is', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    aiMock.call({ scope: SCOPE, index: 0 }, { scope: SCOPE, index: 1 });
    record.append(requestOf(0));
    await collector.collect();
    assert.deepEqual(indexesOf(record), [0]);
    record.append(requestOf(1));
    await collector.collect();
    await collector.collect();
    assert.deepEqual(indexesOf(record), [0, 1]);
    assert.deepEqual(record.soFar, record.read());
  });
});

test('a call is recorded with its end; only an answered one has a duration, unless the clock was set back', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    record.append(requestOf(0));
    const arrivedAtMs = 1_800_000_000_100;
    const call = { scope: SCOPE, index: 0, arrivedAtMs, lastByteAtMs: null };
    const throttled = { status: 429, fault: 'rateLimit', retryAfterMs: 1_000 };
    aiMock.call(
      { ...call, attempt: 2, lastByteAtMs: arrivedAtMs + 350, ...throttled },
      { ...call, attempt: 3, abortedAtMs: arrivedAtMs + 8_000, fault: 'hang' },
      { ...call, attempt: 4, brokenOffAtMs: arrivedAtMs + 20, fault: 'reset' },
      { ...call, attempt: 5, lastByteAtMs: arrivedAtMs - 1 },
    );
    await collector.collect();
    assert.deepEqual(
      record.soFar.modelCalls.map(({ attempt, end, endedMs, durationMs, fault }) => [
        attempt,
        end,
        endedMs,
        durationMs,
        fault,
      ]),
      [
        [2, 'answered', 350, 350, 'rateLimit'],
        [3, 'aborted', 8_000, null, 'hang'],
        [4, 'brokenOff', 20, null, 'reset'],
        [5, 'answered', 0, null, null],
      ],
    );
    assert.deepEqual(record.soFar.modelCalls[0], {
      type: 'modelCall',
      scope: SCOPE,
      index: 0,
      kind: 'classification',
      attempt: 2,
      matchedBy: 'nonce',
      arrivedAtMs,
      durationMs: 350,
      end: 'answered',
      endedMs: 350,
      status: 429,
      fault: 'rateLimit',
      retryAfterMs: 1_000,
      lateMs: 0.1,
    });
    assert.deepEqual(record.soFar, record.read());
  });
});

test('an ended call without an end is an error', async () => {
  await withCollector(async (collector, { aiMock }) => {
    aiMock.call({ scope: SCOPE, index: 0, lastByteAtMs: null });
    await assert.rejects(collector.collect(), { code: 'AI_MOCK_FAILED' });
  });
});

const openOf = (record: RecordWriter) =>
  record.soFar.modelCalls.map(({ index, end }) => `${index} ${end}`);

test('a call that outlasts its request is recorded as open if its request is recorded', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    record.append(requestOf(0));
    const arrivedAtMs = Date.now() - 5_000;
    aiMock.open(
      { scope: SCOPE, index: 0, arrivedAtMs, fault: 'hang' },
      { scope: SCOPE, index: 1, arrivedAtMs },
      { scope: null, index: null, matchedBy: null },
    );
    await collector.collectOpen();
    assert.deepEqual(openOf(record), ['0 open']);
    const [{ endedMs, durationMs, status, fault } = assert.fail()] = record.soFar.modelCalls;
    assert.deepEqual([durationMs, status, fault], [null, null, 'hang']);
    assert.ok(endedMs >= 5_000, `${endedMs} ms`);
    assert.deepEqual(record.soFar, record.read());
  });
});

test('a call is recorded once, as open or as ended, whichever was seen first', async () => {
  await withCollector(async (collector, { aiMock, record, another }) => {
    record.append(requestOf(0), requestOf(1));
    const call = { scope: SCOPE, index: 0, arrivedAtMs: Date.now() - 100 };
    const early = { ...call, index: 1 };
    aiMock.call({ ...early, lastByteAtMs: early.arrivedAtMs + 5 });
    await collector.collect();
    aiMock.open(call, early);
    await collector.collectOpen();
    await collector.collectOpen();
    aiMock.call({ ...call, lastByteAtMs: call.arrivedAtMs + 90 });
    await collector.collect();
    await another().collectOpen();
    await another().collect();
    assert.deepEqual(openOf(record), ['1 answered', '0 open']);
  });
});

test('a retry of an open call is a call of its own', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    record.append(requestOf(0));
    const call = { scope: SCOPE, index: 0, arrivedAtMs: Date.now() - 100 };
    aiMock.open(call, { ...call, attempt: 2 });
    await collector.collectOpen();
    assert.deepEqual(openOf(record), ['0 open', '0 open']);
  });
});

test('two simultaneous collections record each call once', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    aiMock.call({ scope: SCOPE, index: 0 });
    await Promise.all([collector.collect(), collector.collect()]);
    record.append(requestOf(0));
    await Promise.all([collector.collect(), collector.collect()]);
    assert.deepEqual(indexesOf(record), [0]);
  });
});

test('calls that belong to no request are not recorded', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    record.append(requestOf(0));
    aiMock.call({ scope: null, index: null, matchedBy: null }, { scope: SCOPE, index: 7 });
    await collector.collect();
    assert.deepEqual(indexesOf(record), []);
  });
});

test('settling waits for late calls, the second of a request included', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    record.append(requestOf(0));
    aiMock.call({ scope: SCOPE, index: 0 });
    setTimeout(() => aiMock.call({ scope: SCOPE, index: 0, kind: 'narrative' }), 5);
    await collector.settle();
    assert.deepEqual(indexesOf(record), [0, 0]);
  });
});

test('settling waits for the calls of failed requests while the model has one open', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    record.append(
      requestOf(0, { status: 502, failure: 'status 502' }),
      requestOf(1, { status: null, failure: 'timeout' }),
    );
    const first = { scope: SCOPE, index: 0 };
    const second = { scope: SCOPE, index: 1 };
    aiMock.open(first, second);
    setTimeout(() => {
      aiMock.open(second);
      aiMock.call(first);
    }, 100);
    setTimeout(() => {
      aiMock.open();
      aiMock.call(second);
    }, 300);
    await collector.settle();
    assert.deepEqual(indexesOf(record), [0, 1]);
  });
});

/** Counts how often a collector reads the journal. */
function countCollections(collector: ModelCallCollector): () => number {
  let collections = 0;
  const collect = collector.collect.bind(collector);
  collector.collect = () => {
    collections++;
    return collect();
  };
  return () => collections;
}

test('settling gives up on a request without a call: at once if the model has none open or the request never arrived, else after the time-out', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    const neverSent = { status: null, connectionReused: null, failure: 'ECONNREFUSED' };
    const collections = countCollections(collector);
    record.append(requestOf(0, neverSent));
    await collector.settle();
    assert.equal(collections(), 1);
    record.append(requestOf(1));
    await collector.settle();
    assert.equal(collections(), 1 + 2);
    aiMock.open({ scope: SCOPE, index: 1 });
    await collector.settle();
    assert.equal(collections(), 3 + 41);
    assert.deepEqual(indexesOf(record), []);
  });
});

test('a call after the behaviours expired ends the measurement', async () => {
  await withCollector(async (collector, { aiMock, record }) => {
    record.append(requestOf(0));
    aiMock.call({ scope: SCOPE, index: 0, expired: true });
    await assert.rejects(collector.collect(), {
      code: 'AI_MOCK_FAILED',
      message: /found {4}a call of request 0 .*expired/,
    });
    aiMock.open({ scope: SCOPE, index: 0, expired: true });
    await assert.rejects(collector.collectOpen(), { code: 'AI_MOCK_FAILED', message: /expired/ });
  });
});
