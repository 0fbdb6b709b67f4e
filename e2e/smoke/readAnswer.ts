import type { Locator } from '@playwright/test';
import { z } from 'zod';
import { parseJson } from '../core/readJson.ts';
import { expect } from '../fixtures.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import { describeExcerpt, makeExcerpt } from '../salestalk/excerpt.ts';

/*
 * Messages of assertions, which reach terminals and reports, quote what a target says. So only texts are compared whose control characters
 * are escaped and whose secrets are masked.
 */

const LONGEST_TEXT = 2_000;

/** Reads an answer of this form, and makes its texts fit to be shown. @throws Error that says what came instead */
export function readAnswer<T>(schema: z.ZodType<T>, exchange: TimedExchange): T {
  const parsed = schema.safeParse(parseJson(exchange.body));
  if (parsed.success) return mapTexts(parsed.data) as T;
  const came = describeExcerpt(exchange, { token: '', streamed: false });
  throw new Error(
    `not in the form of the contract: ${makeExcerpt(z.prettifyError(parsed.error))}; ${came}`,
  );
}

/** Waits until the text of a part of the page matches. */
export function expectText(part: Locator): ReturnType<typeof expect.poll<string>> {
  // biome-ignore lint/performance/useDomNodeTextContent: textContent joins the words of neighbouring elements into one that looks like a key
  return expect.poll(async () => makeExcerpt(await part.innerText(), '', LONGEST_TEXT));
}

/** Waits for the state of an answer on the page. */
export function expectState(answer: Locator): ReturnType<typeof expect.poll<string>> {
  return expect.poll(async () => makeExcerpt((await answer.getAttribute('data-state')) ?? 'none'));
}

function mapTexts(value: unknown): unknown {
  if (typeof value === 'string') return makeExcerpt(value, '', LONGEST_TEXT);
  if (Array.isArray(value)) return value.map(mapTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [makeExcerpt(key), mapTexts(item)]),
  );
}
