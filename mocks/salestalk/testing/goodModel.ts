import type { FakeCall, FakeReply } from './fakeOllama.ts';
import { classificationText, narrativeChunks } from './modelTexts.ts';

/** A model that answers every prompt as it should. */
export function goodModel({ prompt }: FakeCall): FakeReply {
  return prompt.startsWith('Classify')
    ? { text: classificationText() }
    : { chunks: [...narrativeChunks] };
}
