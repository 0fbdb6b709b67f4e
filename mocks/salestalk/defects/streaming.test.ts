import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLANNED_POLICY } from '../api/ai/attemptRules.ts';
import {
  classificationText,
  type FakeReply,
  goodModel,
  NARRATIVE_CHUNKS,
} from '../testing/fakeOllama.ts';
import { STREAM_HEADERS, streamEvents, testSalestalk } from '../testing/testSalestalk.ts';

const message = 'What is Q3 revenue?';

type Line = { type: string; text?: string };

/** The events of a streamed answer, in batches as the network brings them. */
async function readBatches(...defects: string[]): Promise<Line[][]> {
  await using salestalk = await testSalestalk({ defects });
  salestalk.ollama.answer(({ prompt }) =>
    prompt.startsWith('Classify')
      ? { text: classificationText() }
      : { chunks: NARRATIVE_CHUNKS, betweenMs: 60 },
  );
  const response = await salestalk.post('/chat', { message }, { headers: STREAM_HEADERS });
  assert.match(response.headers.get('Content-Type') ?? '', /^application\/x-ndjson/);
  const batches: Line[][] = [];
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? assert.fail()) {
    const lines = text.trim().split('\n');
    batches.push(lines.map((line) => JSON.parse(line)));
  }
  return batches;
}

const isChunk = ({ type }: Line): boolean => type === 'narrative_chunk';

test('batched-chunks sends all chunks of a narrative with its end, which the clean stream does not', async () => {
  const [planted, clean] = [await readBatches('batched-chunks'), await readBatches()];
  assert.ok(clean.filter((lines) => lines.some(isChunk)).length > 1);
  const [batch = assert.fail(), ...others] = planted.filter((lines) => lines.some(isChunk));
  assert.deepEqual(others, []);
  assert.equal(batch.at(-1)?.type, 'complete');
  // Nothing else is held back, lost or reordered.
  assert.ok(planted.length > 1);
  const withoutIds = (batches: Line[][]) =>
    batches.flat().map(({ type, text }) => ({ type, text }));
  assert.deepEqual(withoutIds(planted), withoutIds(clean));
});

const names = ['repeated-narrative'];
const policy = { ...PLANNED_POLICY, retries: { attempts: 2, throttledAttempts: 2 } };

/** How a chat ends whose n-th call for a narrative gets this reply: its last event, its text, and the number of calls. */
async function chatOnce(defects: string[], narrative: (n: number) => FakeReply) {
  await using salestalk = await testSalestalk({ defects, policy });
  const { ollama } = salestalk;
  ollama.answer((call, n) => (n === 1 ? goodModel(call) : narrative(n - 1)));
  const response = await salestalk.post('/chat', { message }, { headers: STREAM_HEADERS });
  const events = await streamEvents(response);
  const text = events.map((event) => (event.type === 'narrative_chunk' ? event.text : '')).join('');
  return { end: events.at(-1)?.type, text, calls: ollama.calls.length - 1 };
}

const half = 'Revenue in Q3 ';
const whole = NARRATIVE_CHUNKS.join('');
const cut = { chunks: [half], breakOff: true };
const well = { chunks: NARRATIVE_CHUNKS };

test('the clean SalesTalk does not call again once it has sent a part of a narrative', async () => {
  assert.deepEqual(await chatOnce([], () => cut), { end: 'error', text: half, calls: 1 });
});

test('repeated-narrative calls once more, and the reader sees the first part twice', async () => {
  const cutOnce = await chatOnce(names, (n) => (n === 1 ? cut : well));
  assert.deepEqual(cutOnce, { end: 'complete', text: half + whole, calls: 2 });
  const cutAlways = await chatOnce(names, () => cut);
  assert.deepEqual(cutAlways, { end: 'error', text: half + half, calls: 2 });
});

test('repeated-narrative changes no narrative that succeeds, fails at its start, or is rejected', async () => {
  for (const narrative of [
    () => well,
    (n: number) => (n === 1 ? { status: 503 } : well),
    () => ({ status: 503 }),
    () => ({ status: 400 }),
  ]) {
    assert.deepEqual(await chatOnce(names, narrative), await chatOnce([], narrative));
  }
});
