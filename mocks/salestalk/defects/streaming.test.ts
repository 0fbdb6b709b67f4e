import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLANNED_POLICY } from '../api/ai/attemptRules.ts';
import {
  classificationText,
  type FakeReply,
  goodModel,
  NARRATIVE_CHUNKS,
} from '../testing/fakeOllama.ts';
import { AS_STREAM, streamEvents, testSalestalk } from '../testing/testSalestalk.ts';

type Line = { type: string; text?: string };

/** The events of a streamed answer, by the read from the network that brought them. */
async function reads(...defects: string[]): Promise<Line[][]> {
  await using salestalk = await testSalestalk({ defects });
  salestalk.ollama.answer(({ prompt }) =>
    prompt.startsWith('Classify')
      ? { text: classificationText() }
      : { chunks: [...NARRATIVE_CHUNKS], betweenMs: 60 },
  );
  const headers = { Accept: 'application/x-ndjson' };
  const response = await salestalk.post('/chat', { message: 'What is Q3 revenue?' }, { headers });
  assert.match(response.headers.get('Content-Type') ?? '', /^application\/x-ndjson/);
  const read: Line[][] = [];
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? assert.fail()) {
    read.push(
      text
        .trim()
        .split('\n')
        .map((line): Line => JSON.parse(line)),
    );
  }
  return read;
}

const isChunk = ({ type }: Line): boolean => type === 'narrative_chunk';

test('batched-chunks sends all pieces of a narrative with its end, which the clean stream does not', async () => {
  const [planted, clean] = [await reads('batched-chunks'), await reads()];
  assert.ok(clean.filter((lines) => lines.some(isChunk)).length > 1);
  const [batch = assert.fail(), ...others] = planted.filter((lines) => lines.some(isChunk));
  assert.deepEqual(others, []);
  assert.equal(batch.at(-1)?.type, 'complete');
  // Nothing else is held back, lost or reordered.
  assert.ok(planted.length > 1);
  const told = (lines: Line[][]) => lines.flat().map(({ type, text }) => ({ type, text }));
  assert.deepEqual(told(planted), told(clean));
});

test('batched-chunks leaves an answer that is not streamed alone', async () => {
  await using salestalk = await testSalestalk({ defects: ['batched-chunks'] });
  const answer = await (await salestalk.post('/chat', { message: 'What is Q3 revenue?' })).json();
  assert.equal(answer.response, NARRATIVE_CHUNKS.join(''));
});

const message = 'What is Q3 revenue?';
const names = ['repeated-narrative'];
const policy = { ...PLANNED_POLICY, retries: { attempts: 2, throttledAttempts: 2 } };

/** What becomes of a chat whose narrative is answered so, at its n-th call: the last event, the text passed on, and the calls. */
async function chatOnce(
  defects: string[],
  narrative: (n: number) => FakeReply,
  headers: Record<string, string> = AS_STREAM,
) {
  await using salestalk = await testSalestalk({ defects, policy });
  const { ollama } = salestalk;
  ollama.answer((call, n) => (n === 1 ? goodModel(call) : narrative(n - 1)));
  const response = await salestalk.post('/chat', { message }, { headers });
  if (headers !== AS_STREAM) {
    return { end: String(response.status), text: '', calls: ollama.calls.length - 1 };
  }
  const events = await streamEvents(response);
  const text = events.map((event) => (event.type === 'narrative_chunk' ? event.text : '')).join('');
  return { end: events.at(-1)?.type, text, calls: ollama.calls.length - 1 };
}

const half = 'Revenue in Q3 ';
const whole = NARRATIVE_CHUNKS.join('');
const cut = { chunks: [half], breakOff: true };
const well = { chunks: [...NARRATIVE_CHUNKS] };

test('repeated-narrative: the clean SalesTalk never calls twice once part of a narrative was sent', async () => {
  assert.deepEqual(await chatOnce([], () => cut), { end: 'error', text: half, calls: 1 });
});

test('repeated-narrative calls once more, and the reader sees the first part twice', async () => {
  const cutOnce = await chatOnce(names, (n) => (n === 1 ? cut : well));
  assert.deepEqual(cutOnce, { end: 'complete', text: half + whole, calls: 2 });
  const cutAlways = await chatOnce(names, () => cut);
  assert.deepEqual(cutAlways, { end: 'error', text: half + half, calls: 2 });
});

test('repeated-narrative changes no narrative that succeeds, fails at its start, or is not streamed', async () => {
  const failing = { status: 503 };
  for (const [narrative, headers] of [
    [() => well, AS_STREAM],
    [(n: number) => (n === 1 ? failing : well), AS_STREAM],
    [() => failing, AS_STREAM],
    [() => ({ status: 400 }), AS_STREAM],
    [() => ({ text: '' }), AS_STREAM],
    [() => cut, { Accept: 'application/json' }],
    [() => ({ cut: 'resetMidway' as const }), { Accept: 'application/json' }],
  ] as const) {
    const [clean, planted] = await Promise.all([
      chatOnce([], narrative, headers),
      chatOnce(names, narrative, headers),
    ]);
    assert.deepEqual(planted, clean);
  }
});
