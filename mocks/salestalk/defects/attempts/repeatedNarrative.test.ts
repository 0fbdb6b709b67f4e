import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plannedPolicy } from '../../api/ai/aiPolicy.ts';
import type { FakeReply } from '../../testing/fakeOllama.ts';
import { goodModel } from '../../testing/goodModel.ts';
import { narrativeChunks } from '../../testing/modelTexts.ts';
import { asStream, streamEvents } from '../../testing/streamEvents.ts';
import { testSalestalk } from '../../testing/testSalestalk.ts';

const message = 'What is Q3 revenue?';
const names = ['repeated-narrative'];
const policy = { ...plannedPolicy, retries: { attempts: 2, throttledAttempts: 2 } };

/** What becomes of a chat whose narrative is answered so, at its n-th call: the last event, the text passed on, and the calls. */
async function chatOnce(
  defects: string[],
  narrative: (n: number) => FakeReply,
  headers: Record<string, string> = asStream,
) {
  await using salestalk = await testSalestalk({ defects, policy });
  const { ollama } = salestalk;
  ollama.answer((call, n) => (n === 1 ? goodModel(call) : narrative(n - 1)));
  const response = await salestalk.post('/chat', { message }, { headers });
  if (headers !== asStream) {
    return { end: String(response.status), text: '', calls: ollama.calls.length - 1 };
  }
  const events = await streamEvents(response);
  const text = events.map((event) => (event.type === 'narrative_chunk' ? event.text : '')).join('');
  return { end: events.at(-1)?.type, text, calls: ollama.calls.length - 1 };
}

const half = 'Revenue in Q3 ';
const whole = narrativeChunks.join('');
const cut = { chunks: [half], breakOff: true };
const well = { chunks: [...narrativeChunks] };

test('the clean SalesTalk never calls twice for a narrative of which some was passed on', async () => {
  assert.deepEqual(await chatOnce([], () => cut), { end: 'error', text: half, calls: 1 });
});

test('a repeated narrative is called for once more, and what is shown stands there twice', async () => {
  const cutOnce = await chatOnce(names, (n) => (n === 1 ? cut : well));
  assert.deepEqual(cutOnce, { end: 'complete', text: half + whole, calls: 2 });
  const cutAlways = await chatOnce(names, () => cut);
  assert.deepEqual(cutAlways, { end: 'error', text: half + half, calls: 2 });
});

test('nothing else is changed: what is well, fails at its start, or is not streamed', async () => {
  const failing = { status: 503 };
  for (const [narrative, headers] of [
    [() => well, asStream],
    [(n: number) => (n === 1 ? failing : well), asStream],
    [() => failing, asStream],
    [() => ({ status: 400 }), asStream],
    [() => ({ text: '' }), asStream],
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
