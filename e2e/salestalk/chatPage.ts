import type { Locator, Page } from '@playwright/test';

/** The button may stand inside the alert, and says nothing of what happened. */
const WORDS_BESIDE_RETRY = /^(?!\s*Try again\s*$)[\s\S]*\S/;

/** How an answer is found on the page, for whoever watches it from within. */
export const ANSWER_SELECTORS = {
  answer: 'article[data-state]',
  text: '[data-part="narrative"]',
  complete: '[data-state="complete"]',
  failed: '[data-state="error"], [data-state="refused"]',
};

/** Header by which an answer of the API says which request it belongs to. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** SalesTalk's page, by what a person reads on it. */
export class ChatPage {
  readonly page: Page;
  readonly #url: string;
  readonly #tokenOf: (tenant: string) => string;

  constructor(page: Page, options: { url: string; tokenOf: (tenant: string) => string }) {
    this.page = page;
    this.#url = options.url;
    this.#tokenOf = options.tokenOf;
  }

  /** Opens the page, as far as a visitor can use it. */
  async open(): Promise<void> {
    await this.page.goto(this.#url);
    await this.page.getByRole('button', { name: 'Sign in' }).waitFor();
  }

  /** Opens the page and goes in with the token of a tenant. */
  async signIn(tenant: string): Promise<void> {
    await this.open();
    await this.enter(tenant);
  }

  /** Goes in from the page as `open` leaves it. */
  async enter(tenant: string): Promise<void> {
    await this.giveToken(tenant);
    await this.goIn();
  }

  /** Has the token of a tenant in its field. */
  async giveToken(tenant: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Access token' });
    // Whoever pastes something has clicked there: text that comes from nowhere would be taken for part of what the page loaded.
    await field.click();
    // Not by fill: Playwright writes what it fills in into the steps of its report.
    await field.evaluate((input: HTMLInputElement, token) => {
      input.value = token;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, this.#tokenOf(tenant));
  }

  /** Goes in with the token that was given. */
  async goIn(): Promise<void> {
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.#question.waitFor();
  }

  /** Asks and gives back the answer's place on the page, complete or not. */
  async ask(question: string): Promise<Locator> {
    await this.#question.fill(question);
    // Playwright's other checks wait for frames and for a navigation: 94 ms a click in place of 35 (mean of 70, two cores).
    const button = this.page.getByRole('button', { name: 'Ask', exact: true, disabled: false });
    await button.click({ force: true, noWaitAfter: true });
    return this.answerTo(question);
  }

  /** The same key by key, each held for so long: filling a field in is no interaction that a browser would time. */
  async askByKeys(question: string, keyHeldMs: number): Promise<Locator> {
    await this.#question.pressSequentially(question, { delay: keyHeldMs });
    await this.page.getByRole('button', { name: 'Ask', exact: true }).click();
    return this.answerTo(question);
  }

  /** Waits until an answer is there as a whole. @throws Error where it is not within the time */
  async untilComplete(answer: Locator, timeoutMs: number): Promise<void> {
    await answer
      .and(this.page.locator(ANSWER_SELECTORS.complete))
      .waitFor({ state: 'attached', timeout: timeoutMs });
  }

  answerTo(question: string): Locator {
    return this.page.getByRole('article', { name: `Answer to: ${question}` });
  }

  /** Does it say in words that there is no answer, and offer another try? */
  async tellsOfFailure(answer: Locator): Promise<boolean> {
    const alert = answer.getByRole('alert').filter({ hasText: WORDS_BESIDE_RETRY });
    const retry = answer.getByRole('button', { name: 'Try again' });
    return (await alert.first().isVisible()) && (await retry.first().isVisible());
  }

  narrativeOf(answer: Locator): Locator {
    return answer.locator('[data-part="narrative"]');
  }

  classificationOf(answer: Locator): Locator {
    return answer.locator('[data-part="classification"]');
  }

  get #question(): Locator {
    return this.page.getByRole('textbox', { name: 'Ask a question' });
  }

  sourcesOf(answer: Locator): Locator {
    return answer
      .getByRole('list', { name: 'Sources' })
      .or(answer.getByRole('region', { name: 'Sources' }))
      .first();
  }
}
