import type { Locator, Page } from '@playwright/test';
import { HarnessError } from '../core/harnessError.ts';
import { shownUrl } from '../core/secrets/secretsInUrl.ts';

/** The button may stand inside the alert, and says nothing of what happened. */
const WORDS_BESIDE_RETRY = /^(?!\s*Try again\s*$)[\s\S]*\S/;

/** Far longer than any sign-in that a person would wait for. */
const TO_SIGN_IN_MS = 20_000;
const TO_SET_MS = 5_000;

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
    await goTo(this.page, this.#url);
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

  /**
   * Has the token of a tenant in its field.
   * @throws HarnessError HOST_NOT_ALLOWED where the page has led to another origin, before the token is typed
   */
  async giveToken(tenant: string): Promise<void> {
    const { origin } = new URL(this.page.url());
    const own = new URL(this.#url).origin;
    if (origin !== own) throw ledElsewhere(own, origin);
    // Whoever pastes something has clicked there: text that comes from nowhere would be taken for part of what the page loaded.
    await this.#token.click();
    await setText(this.#token, this.#tokenOf(tenant));
  }

  /** Goes in with the token that was given. @throws HarnessError SIGN_IN_FAILED; the token is out of its field then */
  async goIn(): Promise<void> {
    try {
      await this.page.getByRole('button', { name: 'Sign in' }).click({ timeout: TO_SIGN_IN_MS });
      await this.#question.waitFor({ timeout: TO_SIGN_IN_MS });
    } catch (error) {
      // What is kept of a failure may show the page.
      await setText(this.#token, '').catch(() => undefined);
      throw signInFailed(error);
    }
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

  get #token(): Locator {
    return this.page.getByRole('textbox', { name: 'Access token' });
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

/** Not by `goto`: Playwright writes the URL into the steps of its report, with a query that may hold a secret. */
async function goTo(page: Page, url: string): Promise<void> {
  const loaded = page.waitForEvent('load');
  // Where the navigation fails, that is what counts.
  loaded.catch(() => undefined);
  const client = await page.context().newCDPSession(page);
  const { errorText } = await client.send('Page.navigate', { url });
  if (errorText !== undefined) throw new Error(`${errorText} at ${shownUrl(url)}`);
  await loaded;
  await client.detach();
}

/** Not by `fill`: Playwright writes what it fills in into the steps of its report. */
async function setText(field: Locator, text: string): Promise<void> {
  await field.evaluate(
    (input: HTMLInputElement, value) => {
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    },
    text,
    { timeout: TO_SET_MS },
  );
}

function ledElsewhere(expected: string, found: string): HarnessError {
  return new HarnessError({
    code: 'HOST_NOT_ALLOWED',
    summary: 'The page led to another origin, so no token was typed there.',
    found,
    expected,
    remedy:
      'Set SALESTALK_UI_URL to where the page really is, if that host may be driven: the budget lists it then.',
  });
}

function signInFailed(error: unknown): HarnessError {
  const [found = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return new HarnessError({
    code: 'SIGN_IN_FAILED',
    summary: "SalesTalk's page did not let its user in.",
    found,
    expected: `the field "Ask a question" within ${TO_SIGN_IN_MS / 1000} s of "Sign in"`,
    remedy: 'Open the page and sign in by hand, with a token of the same tenant.',
  });
}
