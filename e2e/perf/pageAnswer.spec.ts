import { expect, objective, testWith } from '../fixtures.ts';
import { pageAnswers } from '../measurements.ts';
import { constantModel } from '../probes/aiMock.ts';

// One page asks one question of `questions.ts` after the other, until every objective below is clear.
// Objectives and sample budgets (the most questions) stand in `budgets/` under the ids below.
const test = testWith({
  pageAnswers: pageAnswers({
    warmUps: 5,
    // Fast and even, so that the time that the page adds shows.
    model: constantModel({ latencyMs: 20, firstChunkMs: 30, betweenChunksMs: 50 }),
  }),
});

test.describe('Answer on the page', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['The first words of an answer are painted in time', 'answer.firstChunk.p95'],
    ['The whole answer is painted in time', 'answer.latency.p95'],
    ['The page stays responsive while an answer arrives', 'answer.blocking.p95'],
    ['The words of an answer are painted as they arrive', 'answer.streaming'],
    ['No long pause separates the words of an answer', 'answer.chunkGap.p95'],
    ['One question is one request', 'answer.requests'],
    ['A question reuses an open connection', 'answer.connection'],
  ] as const) {
    test(title, objective(id), async ({ pageAnswers }) => {
      await expect(pageAnswers).toMeetBudget(id);
    });
  }
});
