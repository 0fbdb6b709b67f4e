import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readStream } from './readStream.ts';
import { streamEvents } from './testing/exchanges.ts';

const EVENTS = streamEvents();
const TEXT = EVENTS.map((event) => `${JSON.stringify(event)}\n`).join('');

const typesOf = (chunks: { atMs: number; text: string }[]) =>
  readStream(chunks).map(({ event }) => event.type);

test('wherever the text is cut, the events are the same, each at the time its line was complete', () => {
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

test('a last line without an end, blank lines and carriage returns are read', () => {
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

test('nothing at all is no event', () => {
  assert.deepEqual(readStream([]), []);
  assert.deepEqual(readStream([{ atMs: 1, text: '' }]), []);
});

test('a line that is no event is told by its place, blank ones left out, and never shown', () => {
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
