import type { AttemptRules } from '../../api/ai/attemptRules.ts';
import type { Services } from '../../api/services.ts';

/** Puts other decisions about time-outs and retries in the place of some of SalesTalk's own. */
export const changeRules =
  (change: (rules: AttemptRules) => Partial<AttemptRules>) =>
  (services: Services): Services => ({
    ...services,
    rules: { ...services.rules, ...change(services.rules) },
  });
