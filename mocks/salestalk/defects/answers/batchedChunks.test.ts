import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classificationText, narrativeChunks } from '../../testing/modelTexts.ts';
import { testSalestalk } from '../../testing/testSalestalk.ts';

type Line = { type: string; text?: string };

/** The events of a streamed answer, by the read from the network that brought them. */
async function reads(...defects: string[]): Promise<Line[][]> {
  await using salestalk = await testSalestalk({ defects });
  salestalk.ollama.answer(({ prompt }) =>
    prompt.startsWith('Classify')
      ? { text: classificationText() }
      : { chunks: [...narrativeChunks], betweenMs: 60 },
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
  // Nothing else is held back, lost or told in another order.
  assert.ok(planted.length > 1);
  const told = (lines: Line[][]) => lines.flat().map(({ type, text }) => ({ type, text }));
  assert.deepEqual(told(planted), told(clean));
});

test('batched-chunks leaves an answer that is not streamed alone', async () => {
  await using salestalk = await testSalestalk({ defects: ['batched-chunks'] });
  const answer = await (await salestalk.post('/chat', { message: 'What is Q3 revenue?' })).json();
  assert.equal(answer.response, narrativeChunks.join(''));
});
