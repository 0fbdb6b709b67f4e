import { expect, objective, testWith } from '../fixtures.ts';
import { requestsOfWholeRun } from '../measurements.ts';

// Requests are sent until the objective is clear: at most as many as its sample budget says, less those that other specs have sent.
// Objective and sample budget stand in `budgets/` under the id below.
const test = testWith({
  availability: requestsOfWholeRun({
    shares: { classify: 3 / 4, chat: 1 / 4 },
    ratePerSecond: 200,
    warmUpEach: 20,
    // So fast that thousands of requests do not take hours.
    model: { latency: { distribution: 'constant', ms: 5 } },
  }),
});

// Playwright runs files in the order of their names. This one must come last, since the requests of all others count.
test.describe('Whole run', { tag: '@performance' }, () => {
  test(
    'Requests are answered over the whole run',
    objective('api.availability'),
    async ({ availability }) => {
      await expect(availability).toMeetBudget('api.availability');
    },
  );
});
