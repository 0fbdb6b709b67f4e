import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatAnswer } from './contract.ts';
import { narrativeOutcome } from './outcome.ts';
import { ASKED, chatBody, exchangeOf, streamEvents, streamOf } from './testing/exchanges.ts';

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

test('an answer that reports nothing of itself is complete all the same', () => {
  for (const metadata of [undefined, null, {}]) {
    const { failure, values } = narrativeOutcome(streamOf(withComplete({ metadata })));
    assert.equal(failure, null);
    assert.ok(!('reportedLatencyMs' in values));
  }
});

test('a stream that ends before its answer is complete', () => {
  const events = streamEvents();
  for (let kept = 0; kept < events.length; kept++)
    assert.equal(failureOf(events.slice(0, kept)), 'stream broke off', `${kept} events`);
  assert.equal(failureOf([...events, events[5]]), 'stream broke off');
});

test('a stream that was cut in a line, or holds what is no event', () => {
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

test('an error fails the answer, at the end or on the way', () => {
  const error = { type: 'error', requestId: ASKED.requestId, error: 'AIProviderError' };
  assert.equal(failureOf([...streamEvents().slice(0, 5), error]), 'error in the stream');
  assert.equal(failureOf([error, ...streamEvents()]), 'error in the stream');
});

test('whose each event is, is for the checks to judge', () => {
  streamEvents().forEach((_, place) => {
    const events = streamEvents().map((event, at) =>
      at === place ? { ...event, requestId: 'request-2' } : event,
    );
    const { failure, answer } = narrativeOutcome(streamOf(events));
    assert.equal(failure, null);
    assert.equal(answer?.requestIds[place], 'request-2', `event ${place}`);
  });
});

test('a refusal, no narrative', () => {
  const refused = withComplete({ metadata: { refused: true } });
  assert.equal(failureOf(refused), 'refused to answer');
  assert.equal(failureOf(without('narrative_start')), 'stream without a narrative');
  assert.equal(failureOf(without('narrative_chunk')), 'stream without a narrative');
});
