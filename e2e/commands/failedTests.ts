import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { FailedTest } from './testStep.ts';

/** Of what a test failed with, so much is shown where all failed tests are listed. */
const MOST_LINES = 16;
const MOST_CHARACTERS = 2000;

const spec = z.object({
  title: z.string(),
  file: z.string(),
  ok: z.boolean(),
  tests: z.array(
    z.object({
      results: z.array(z.object({ errors: z.array(z.object({ message: z.string().optional() })) })),
    }),
  ),
});

type Suite = { specs: z.infer<typeof spec>[]; suites?: Suite[] | undefined };

const suite: z.ZodType<Suite> = z.object({
  specs: z.array(spec),
  get suites() {
    return z.array(suite).optional();
  },
});

/** The part of Playwright's JSON report that says which tests failed. */
export const playwrightSuites = z.array(suite);

/** The tests of a Playwright run that failed, those of inner suites among them. */
export function failedSpecs(suites: Suite[]): FailedTest[] {
  return suites.flatMap(({ specs, suites: inner = [] }) => [
    ...specs.filter(({ ok }) => !ok).map(failedSpec),
    ...failedSpecs(inner),
  ]);
}

/** A failed test as it is listed: its message without colours, and cut. */
export function failedTest(title: string, message: string): FailedTest {
  const lines = stripVTControlCharacters(message).trim().split('\n');
  return { title, message: lines.slice(0, MOST_LINES).join('\n').slice(0, MOST_CHARACTERS) };
}

function failedSpec({ title, file, tests }: z.infer<typeof spec>): FailedTest {
  const messages = tests
    .flatMap(({ results }) => results)
    .flatMap(({ errors }) => errors)
    .map(({ message = 'failed without a message' }) => message);
  return failedTest(`${file} › ${title}`, messages.join('\n'));
}
