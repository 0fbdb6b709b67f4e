import { expect, objectives, test } from '../fixtures.ts';

test.describe('Latency baseline', { tag: '@performance' }, () => {
  test.skip(({ run }) => !run.target.supports.api, 'not measured: target has no API');

  for (const operation of ['classify', 'chat'] as const) {
    test(`A single ${operation} request is shown and not judged`, async ({ single }) => {
      const { failure } = await single(operation);
      expect(failure).toBeNull();
    });
  }

  for (const id of [
    'classify.latency.p50',
    'classify.latency.p95',
    'chat.latency.p50',
    'chat.latency.p95',
    'narrative.latency.p50',
    'narrative.latency.p95',
  ]) {
    test(`Answers come in time: ${id}`, { annotation: objectives(id) }, async ({
      latencyBaseline,
    }) => {
      await expect(latencyBaseline).toMeetBudget(id);
    });
  }

  for (const id of ['classify.metadata.accuracy', 'chat.metadata.accuracy']) {
    test(`The latency that SalesTalk reports is the measured one: ${id}`, {
      annotation: objectives(id),
    }, async ({ latencyBaseline }) => {
      await expect(latencyBaseline).toMeetBudget(id);
    });
  }

  for (const id of [
    'classify.ownTime.p50',
    'classify.ownTime.p95',
    'chat.ownTime.p50',
    'chat.ownTime.p95',
  ]) {
    test(`SalesTalk adds little time of its own to that of the model: ${id}`, {
      annotation: objectives(id),
    }, async ({ latencyBaseline }) => {
      await expect(latencyBaseline).toMeetBudget(id);
    });
  }

  for (const id of ['classify.modelCalls.perRequest', 'chat.modelCalls.perRequest']) {
    test(`A request makes no more model calls than it needs: ${id}`, {
      annotation: objectives(id),
    }, async ({ latencyBaseline }) => {
      await expect(latencyBaseline).toMeetBudget(id);
    });
  }
});
