import type { Locator, Page } from '@playwright/test';
import { HarnessError } from '../core/harnessError.ts';
import { shownUrl } from '../core/secrets/secretScrubber.ts';

/** The alert may contain the button, whose text does not explain the failure. */
const EXPLANATION = /^(?!\s*Try again\s*$)[\s\S]*\S/;

/** Far longer than a user would wait. */
const SIGN_IN_TIMEOUT_MS = 20_000;
const SET_TEXT_TIMEOUT_MS = 5_000;

/** CSS selectors of an answer, for `watchAnswer`. */
export const ANSWER_SELECTORS = {
  answer: 'article[data-state]',
  text: '[data-part="narrative"]',
  complete: '[data-state="complete"]',
  failed: '[data-state="error"], [data-state="refused"]',
};

/** SalesTalk's page, driven by the words that a user reads on it. */
export class ChatPage {
  readonly page: Page;
  readonly #url: string;
  readonly #tokenOf: (tenant: string) => string;

  constructor(page: Page, options: { url: string; tokenOf: (tenant: string) => string }) {
    this.page = page;
    this.#url = options.url;
    this.#tokenOf = options.tokenOf;
  }

  /** Opens the page until a visitor can use it. */
  async open(): Promise<void> {
    await goTo(this.page, this.#url);
    await this.page.getByRole('button', { name: 'Sign in' }).waitFor();
  }

  async signIn(tenant: string): Promise<void> {
    await this.open();
    await this.enter(tenant);
  }

  async enter(tenant: string): Promise<void> {
    await this.typeToken(tenant);
    await this.submitToken();
  }

  /**
   * Types a tenant's token.
   * @throws HarnessError HOST_NOT_ALLOWED if the page led to another origin, before the token is typed
   */
  async typeToken(tenant: string): Promise<void> {
    const { origin } = new URL(this.page.url());
    const own = new URL(this.#url).origin;
    if (origin !== own) throw otherOriginError(own, origin);
    // A user clicks before pasting: without an input, the text would count as loaded by the page.
    await this.#token.click();
    await setText(this.#token, this.#tokenOf(tenant));
  }

  /** Signs in with the typed token. @throws HarnessError SIGN_IN_FAILED, after clearing the field */
  async submitToken(): Promise<void> {
    try {
      await this.page
        .getByRole('button', { name: 'Sign in' })
        .click({ timeout: SIGN_IN_TIMEOUT_MS });
      await this.#question.waitFor({ timeout: SIGN_IN_TIMEOUT_MS });
    } catch (error) {
      // Screenshots of a failure show the page.
      await setText(this.#token, '').catch(() => undefined);
      throw signInError(error);
    }
  }

  /** Asks and returns the answer's element, complete or not. */
  async ask(question: string): Promise<Locator> {
    await this.#question.fill(question);
    // Playwright's other checks wait for frames and a navigation: 94 ms a click instead of 35 (mean of 70, two cores).
    const button = this.page.getByRole('button', { name: 'Ask', exact: true, disabled: false });
    await button.click({ force: true, noWaitAfter: true });
    return this.answerTo(question);
  }

  /** Asks key by key, since `fill` is no interaction that a browser times. */
  async askByKeys(question: string, keyHeldMs: number): Promise<Locator> {
    await this.#question.pressSequentially(question, { delay: keyHeldMs });
    await this.page.getByRole('button', { name: 'Ask', exact: true }).click();
    return this.answerTo(question);
  }

  /** @throws Error if the answer is not complete in time */
  async untilComplete(answer: Locator, timeoutMs: number): Promise<void> {
    await answer
      .and(this.page.locator(ANSWER_SELECTORS.complete))
      .waitFor({ state: 'attached', timeout: timeoutMs });
  }

  answerTo(question: string): Locator {
    return this.page.getByRole('article', { name: `Answer to: ${question}` });
  }

  /** Whether the page explains that there is no answer and offers to try again. */
  async showsFailure(answer: Locator): Promise<boolean> {
    const alert = answer.getByRole('alert').filter({ hasText: EXPLANATION });
    const retry = answer.getByRole('button', { name: 'Try again' });
    return (await alert.first().isVisible()) && (await retry.first().isVisible());
  }

  narrative(answer: Locator): Locator {
    return answer.locator(ANSWER_SELECTORS.text);
  }

  classification(answer: Locator): Locator {
    return answer.locator('[data-part="classification"]');
  }

  sources(answer: Locator): Locator {
    return answer
      .getByRole('list', { name: 'Sources' })
      .or(answer.getByRole('region', { name: 'Sources' }))
      .first();
  }

  get #token(): Locator {
    return this.page.getByRole('textbox', { name: 'Access token' });
  }

  get #question(): Locator {
    return this.page.getByRole('textbox', { name: 'Ask a question' });
  }
}

/** Instead of `goto`, which puts the URL into Playwright's report, with a query that may hold a secret. */
async function goTo(page: Page, url: string): Promise<void> {
  const loaded = page.waitForEvent('load');
  // A failed navigation is reported below.
  loaded.catch(() => undefined);
  const client = await page.context().newCDPSession(page);
  const { errorText } = await client.send('Page.navigate', { url });
  if (errorText !== undefined) throw new Error(`${errorText} at ${shownUrl(url)}`);
  await loaded;
  await client.detach();
}

/** Instead of `fill`, which puts the text into Playwright's report. */
async function setText(field: Locator, text: string): Promise<void> {
  await field.evaluate(
    (input: HTMLInputElement, value) => {
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    },
    text,
    { timeout: SET_TEXT_TIMEOUT_MS },
  );
}

function otherOriginError(expected: string, found: string): HarnessError {
  return new HarnessError({
    code: 'HOST_NOT_ALLOWED',
    summary: 'The page led to another origin, so no token was typed there.',
    found,
    expected,
    remedy:
      'Set SALESTALK_UI_URL to where the page really is, if that host may be driven: the budget lists it then.',
  });
}

function signInError(error: unknown): HarnessError {
  const [found = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return new HarnessError({
    code: 'SIGN_IN_FAILED',
    summary: "SalesTalk's page did not let its user in.",
    found,
    expected: `the field "Ask a question" within ${SIGN_IN_TIMEOUT_MS / 1000} s of "Sign in"`,
    remedy: 'Open the page and sign in by hand, with a token of the same tenant.',
  });
}
