import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkErrorBody, checkLeaks } from './answerChecks.ts';
import { chatAnswer, classification, readStream } from './contract.ts';
import { describeExcerpt } from './excerpt.ts';
import { chatOutcome, classifyOutcome, narrativeOutcome } from './outcome.ts';
import {
  ASKED,
  chatBody,
  classifyBody,
  exchangeOf,
  referenceOf,
  streamEvents,
  streamOf,
} from './testing/exchanges.ts';

const TIMED = { latencyMs: 400, firstByteMs: 380 };

const classifyFailure = (body: unknown) => classifyOutcome(exchangeOf(body)).failure;
const chatFailure = (body: unknown) => chatOutcome(exchangeOf(body)).failure;

test('a good answer has its latency and what it reports of itself', () => {
  assert.deepEqual(classifyOutcome(exchangeOf(classifyBody())), {
    failure: null,
    values: { ...TIMED, reportedLatencyMs: 342 },
    answer: {
      requestIds: [ASKED.requestId],
      tenantId: ASKED.tenant,
      classification: classification.parse(classifyBody().classification),
    },
  });
  assert.deepEqual(chatOutcome(exchangeOf(chatBody())), {
    failure: null,
    values: { ...TIMED, reportedLatencyMs: 109 },
    answer: { requestIds: [ASKED.requestId], ...chatAnswer.parse(chatBody()) },
  });
});

test('an answer without reported metadata is complete', () => {
  for (const metadata of [undefined, null, {}, { latencyMs: null }, { latencyMs: '342' }]) {
    for (const { failure, values, answer } of [
      classifyOutcome(exchangeOf({ ...classifyBody(), metadata })),
      chatOutcome(exchangeOf({ ...chatBody(), metadata })),
    ]) {
      assert.deepEqual({ failure, values }, { failure: null, values: TIMED });
      assert.ok(answer !== null, JSON.stringify(metadata));
    }
  }
});

test('ignores fields beyond the contract', () => {
  assert.equal(classifyFailure({ ...classifyBody(), version: 2 }), null);
  assert.equal(chatFailure({ ...chatBody(), suggestions: [] }), null);
});

test('an exchange without a complete answer failed and has no values', () => {
  for (const outcome of [classifyOutcome, chatOutcome, narrativeOutcome]) {
    for (const [parts, failure] of [
      [{ failure: 'timeout', durationMs: null }, 'timeout'],
      [{ failure: 'ECONNRESET', status: null, firstByteMs: null, durationMs: null }, 'ECONNRESET'],
      [{ status: 500 }, 'status 500'],
      [{ status: 302 }, 'status 302'],
      [{ status: 204 }, 'status 204'],
      [{ durationMs: null }, 'incomplete answer'],
    ] as const)
      assert.deepEqual(outcome(exchangeOf(classifyBody(), parts)), {
        failure,
        values: {},
        answer: null,
      });
  }
});

test('says where an answer breaks the contract', () => {
  const body = classifyBody();
  const { classification: good } = body;
  for (const [change, place] of [
    [{ classification: undefined }, 'classification'],
    [{ classification: { ...good, intent: '' } }, 'classification → intent'],
    [{ classification: { ...good, measure: 7 } }, 'classification → measure'],
    [
      { classification: { ...good, confidence: { overall: 1.2 } } },
      'classification → confidence → overall',
    ],
    [{ requestId: '' }, 'requestId'],
    [{ tenantId: undefined }, 'tenantId'],
    [{ metadata: 'fast' }, 'metadata'],
  ] as const)
    assert.equal(classifyFailure({ ...body, ...change }), `invalid answer: ${place}`);
  for (const text of ['', 'not JSON', '<html></html>', '[]', 'null'])
    assert.equal(classifyFailure(text), 'invalid answer: the top level', text);
  const { source } = referenceOf(ASKED.tenant);
  for (const [change, place] of [
    [{ response: '' }, 'response'],
    [{ response: ' \n' }, 'response'],
    [{ sessionId: undefined }, 'sessionId'],
    [{ dataReferences: undefined }, 'dataReferences'],
    [{ dataReferences: [{ source }] }, 'dataReferences → 0 → metric'],
  ] as const)
    assert.equal(chatFailure({ ...chatBody(), ...change }), `invalid answer: ${place}`);
});

test('leaves the owner of an answer to the checks', () => {
  const requestId = 'request-2';
  const tenantId = 'techstart-inc-002';
  const dataReferences = [referenceOf(tenantId)];
  const classified = classifyOutcome(exchangeOf({ ...classifyBody(), requestId, tenantId }));
  assert.equal(classified.failure, null);
  assert.deepEqual(
    [classified.answer?.requestIds, classified.answer?.tenantId],
    [[requestId], tenantId],
  );
  const chatted = chatOutcome(exchangeOf({ ...chatBody(), dataReferences }));
  assert.equal(chatted.failure, null);
  assert.deepEqual(chatted.answer?.dataReferences, dataReferences);
});

test('a refusal is a failure', () => {
  const body = chatBody();
  const refusing = (refused: unknown) => ({ ...body, metadata: { ...body.metadata, refused } });
  assert.equal(chatFailure(refusing(true)), 'refused to answer');
  assert.equal(chatFailure(refusing(false)), null);
  assert.equal(chatFailure(refusing(null)), null);
  assert.equal(chatFailure(refusing('yes')), 'invalid answer: metadata → refused');
});

test('a body of a million levels breaks the contract like any other', () => {
  const deep = (start: string, end: string) => start.repeat(1_000_000) + end.repeat(1_000_000);
  for (const body of [
    deep('[', ']'),
    deep('{"metadata":', '}').replace(':}', ':1}'),
    deep('[', ''),
  ]) {
    assert.match(classifyFailure(body) ?? '', /^invalid answer: /);
    const exchange = exchangeOf(body, { status: 502 });
    assert.notEqual(checkErrorBody(exchange, ASKED), null);
    assert.equal(checkLeaks(exchange, ASKED), null);
    assert.ok(describeExcerpt(exchange, { token: '', streamed: false }).length < 500);
    const events = narrativeOutcome(
      streamOf([], { body, chunks: [{ atMs: 1, text: `${body}\n` }] }),
    );
    assert.match(events.failure ?? '', /^invalid answer: /);
  }
});

const failureOf = (events: unknown[]) => narrativeOutcome(streamOf(events)).failure;

/** The good stream with its events changed. */
const changed = (change: (event: Record<string, unknown>) => Record<string, unknown>) =>
  streamEvents().map(change);

const without = (type: string) => streamEvents().filter((event) => event.type !== type);

const withComplete = (change: object) =>
  changed((event) => (event.type === 'complete' ? { ...event, ...change } : event));

test('the narrative lasts from its start to the end of the answer', () => {
  assert.deepEqual(narrativeOutcome(streamOf(streamEvents())), {
    failure: null,
    values: {
      // The start is the fifth event, at 50 ms; the first piece the sixth, the end the eighth.
      latencyMs: 30,
      firstChunkMs: 60,
      firstByteMs: 5,
      totalMs: 400,
      reportedLatencyMs: 109,
    },
    answer: {
      type: 'complete',
      ...chatAnswer.parse(chatBody()),
      requestIds: Array(8).fill('request-1'),
    },
  });
});

test('rejects a stream that ends before its answer is complete', () => {
  const events = streamEvents();
  for (let kept = 0; kept < events.length; kept++)
    assert.equal(failureOf(events.slice(0, kept)), 'stream broke off', `${kept} events`);
  assert.equal(failureOf([...events, events[5]]), 'stream broke off');
});

test('rejects a stream that was cut in a line or holds no event', () => {
  const body = streamOf(streamEvents()).body.slice(0, -30);
  const cut = narrativeOutcome(exchangeOf(body));
  assert.deepEqual(cut, {
    failure: 'invalid answer: line 8 is no event',
    values: {},
    answer: null,
  });
  const whole = narrativeOutcome(exchangeOf(chatBody()));
  assert.equal(whole.failure, 'invalid answer: line 1 is no event');
});

test('an error event fails the answer at any place', () => {
  const error = { type: 'error', requestId: ASKED.requestId, error: 'AIProviderError' };
  assert.equal(failureOf([...streamEvents().slice(0, 5), error]), 'error in the stream');
  assert.equal(failureOf([error, ...streamEvents()]), 'error in the stream');
});

test('a stream without a narrative is a failure, also one that refuses', () => {
  const refused = withComplete({ metadata: { refused: true } });
  assert.equal(failureOf(refused), 'refused to answer');
  assert.equal(failureOf(without('narrative_start')), 'stream without a narrative');
  assert.equal(failureOf(without('narrative_chunk')), 'stream without a narrative');
});

const EVENTS = streamEvents();
const TEXT = EVENTS.map((event) => `${JSON.stringify(event)}\n`).join('');

const typesOf = (chunks: { atMs: number; text: string }[]) =>
  readStream(chunks).map(({ event }) => event.type);

test('reads the same events wherever the text is cut, each at the time its line was complete', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: TEXT.length - 1 }), { maxLength: 30 });
  const property = fc.property(cuts, (unsorted) => {
    const ends = [...unsorted.sort((a, b) => a - b), TEXT.length];
    const chunks = ends.map((end, at) => ({ atMs: at, text: TEXT.slice(ends[at - 1] ?? 0, end) }));
    const events = readStream(chunks);
    assert.deepEqual(
      events.map(({ event }) => event.type),
      EVENTS.map(({ type }) => type),
    );
    let lineEnd = 0;
    events.forEach(({ atMs }, at) => {
      lineEnd = TEXT.indexOf('\n', lineEnd) + 1;
      assert.equal(
        atMs,
        ends.findIndex((end) => end >= lineEnd),
        `event ${at}`,
      );
    });
  });
  fc.assert(property, { seed: 1 });
});

test('reads a last line without an end, blank lines and carriage returns', () => {
  const last = streamEvents()
    .slice(0, 2)
    .map((event) => JSON.stringify(event));
  const text = `\n${last[0]}\r\n\n${last[1]}`;
  assert.deepEqual(typesOf([{ atMs: 7, text }]), [
    'classification_start',
    'classification_complete',
  ]);
  assert.equal(readStream([{ atMs: 7, text }]).at(-1)?.atMs, 7);
});

test('an empty stream has no events', () => {
  assert.deepEqual(readStream([]), []);
  assert.deepEqual(readStream([{ atMs: 1, text: '' }]), []);
});

test('reports a line that is no event by its number and never shows it', () => {
  for (const line of [
    'not JSON \u001b[2J',
    '{"type":"classification_start"}',
    '{"type":"other","requestId":"a"}',
    '{"type":"narrative_chunk","requestId":"a"}',
    JSON.stringify({ ...EVENTS.at(-1), response: '' }),
    '[]',
    'null',
  ])
    for (const text of [`${line}\n`, line])
      assert.throws(
        () => readStream([{ atMs: 1, text: `\n${JSON.stringify(EVENTS[0])}\n${text}` }]),
        {
          message: 'line 2 is no event',
        },
      );
});
