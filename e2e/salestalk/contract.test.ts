import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readStream, soundClassification } from './contract.ts';
import { streamEvents } from './testing/exchanges.ts';

const SOUND = {
  intent: 'what',
  subject: 'revenue',
  measure: 'revenue',
  confidence: { overall: 0.85, components: { intent: 0.9 } },
};

const isSound = (change: object) => soundClassification.safeParse({ ...SOUND, ...change }).success;

// Written out once more, so that a word that is lost from one of the two lists is noticed.
const WORDS: Record<'intent' | 'subject' | 'measure', string[]> = {
  intent: [
    ...['what', 'why', 'compare', 'trend', 'forecast'],
    ...['rank', 'breakdown', 'target', 'correlation', 'anomaly'],
  ],
  subject: [
    ...['revenue', 'margin', 'profit', 'customers', 'orders', 'sales', 'marketing'],
    ...['products', 'regions', 'segments', 'reps', 'productLines', 'timePeriods'],
  ],
  measure: [
    ...['revenue', 'mrr', 'arr', 'gm', 'gm_pct', 'gross_profit', 'customer_count', 'churn_rate'],
    ...['ltv', 'nps', 'cac', 'arpu', 'order_count', 'aov', 'return_rate', 'pipeline_value'],
    ...['win_rate', 'deal_count', 'conversion_rate', 'signup_count', 'lead_count', 'margin_pct'],
    'op_margin_pct',
  ],
};

test('accepts every word of the vocabulary in its field', () => {
  const counts = Object.values(WORDS).map((words) => new Set(words).size);
  assert.deepEqual(counts, [10, 13, 23]);
  for (const [place, words] of Object.entries(WORDS))
    for (const word of words) assert.ok(isSound({ [place]: word }), `${place} ${word}`);
});

test('rejects a word of another field and a similar word', () => {
  for (const [place, words] of Object.entries(WORDS)) {
    const elsewhere = Object.values(WORDS)
      .flat()
      .filter((word) => !words.includes(word));
    const near = words.flatMap((word) => [word.toUpperCase(), `${word} `, `${word}s`]);
    for (const word of [...elsewhere, ...near, '', null, 7])
      assert.ok(!isSound({ [place]: word }), `${place} ${word}`);
    assert.ok(!isSound({ [place]: undefined }), place);
  }
});

test('confidences are from 0 to 1', () => {
  for (const overall of [0, 0.5, 1]) assert.ok(isSound({ confidence: { overall } }), `${overall}`);
  for (const overall of [-0.01, 1.01, 85, null, '0.85', undefined])
    assert.ok(!isSound({ confidence: { overall } }), `${overall}`);
  for (const components of [{ intent: 90 }, { intent: 0.9, time: -1 }, { any: '1' }])
    assert.ok(!isSound({ confidence: { overall: 0.8, components } }), JSON.stringify(components));
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
