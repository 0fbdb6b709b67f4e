import type { Defect } from '../defect.ts';
import { changeRules } from './changeRules.ts';

/** A service that hangs with its model. */
export const noTimeout: Defect = {
  name: 'no-timeout',
  description:
    'waits for its model as long as the HTTP client does: 120 s to classify, 30 s for a narrative',
  services: changeRules(() => ({ limitMs: () => null })),
};
