import { expect as base } from '@playwright/test';
import { toMeetBudget } from './toMeetBudget.ts';

export type { Measured } from './measured.ts';

/** Playwright's `expect`, and `toMeetBudget` beside its own matchers. */
export const expect = base.extend({ toMeetBudget });
