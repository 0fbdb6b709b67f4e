import { expect, judges, test } from '../fixtures.ts';

test.describe('Answer on the page', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['the first words are painted', 'answer.firstChunk.p95'],
    ['the whole answer is painted', 'answer.latency.p95'],
    ['the page stays responsive meanwhile', 'answer.blocking.p95'],
    ['the words come as they are written', 'answer.streaming'],
    ['and without long pauses', 'answer.chunkGap.p95'],
    ['one question is one request', 'answer.requests'],
    ['on a connection that is there', 'answer.connection'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ pageAnswers }) => {
      await expect(pageAnswers).toMeetBudget(id);
    });
  }
});
