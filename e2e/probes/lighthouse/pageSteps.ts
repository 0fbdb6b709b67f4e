import type { Page } from '@playwright/test';

/**
 * What only those who know the product can do, in the tab that is audited. `input` is what the caller of the probe gave, through JSON.
 * Both may use all of Playwright, but no `page.route()`, which slows every request down.
 */
export type PageSteps = {
  /**
   * Before each measured navigation, and not measured: sign in, for instance. Cookies and the storage of the tab stay, the HTTP cache is emptied.
   */
  prepare?: (page: Page, input: unknown) => Promise<void>;
  /** The timespan of a user flow, on the page as the navigation left it; it must not navigate. */
  interact?: (page: Page, input: unknown) => Promise<void>;
};
