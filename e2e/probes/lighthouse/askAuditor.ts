import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { z } from 'zod';
import { HarnessError } from '../../core/harnessError.ts';
import { parseJson } from '../../core/parseJson.ts';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { findBrowser } from '../chromium.ts';
import { AuditorProcess, type ChildOutput } from './auditorProcess.ts';
import { auditorReply, type LighthouseCategory } from './auditorProtocol.ts';

/** What every audit by Lighthouse is told. */
export type AuditOptions = {
  url: string;
  formFactor: 'desktop' | 'mobile';
  /**
   * `simulate`: Lighthouse computes how the navigation would have been on its own slow network and processor of the form factor (for a timespan,
   * which cannot be computed, it slows both down for real); `provided`: as this machine is, which takes some 12 s a run, since Lighthouse waits longer.
   */
  throttling: 'simulate' | 'provided';
  categories: ['performance', ...LighthouseCategory[]];
  /** For all of it, in ms; afterwards it is ended. A run takes 5 s on a quiet machine and 10 on a busy one. */
  timeoutMs: number;
  /** Where Lighthouse's own report is written, HTML. */
  reportPath: string;
  /**
   * Texts of at least 12 characters that must come into no report and no error, such as the tokens in `input`. JSON Web Tokens are always
   * taken out. Pictures in the report show what the page shows.
   */
  secrets: readonly string[];
  /** The path of a script that calls `serveAuditor` with what to do on the product's page; nothing is done there without. */
  pageScript?: string;
  /** Carries the audit out, by the script that it was opened with; left out: a process of its own. */
  auditor?: AuditorProcess;
  /** What `pageScript` needs, such as a token: it goes through a pipe, as JSON. */
  input?: unknown;
};

const DEFAULT_SCRIPT = fileURLToPath(new URL('./auditor.ts', import.meta.url));
const TO_END_MS = 100;

type Wanted = { kind: 'navigations'; runs: number } | { kind: 'flow' };

/**
 * On a busy machine Chromium's trace lacks the start of the navigation now and then (1 in 10 runs at twice the load that the machine can
 * bear): nothing was seen of the page, fast or slow, and Lighthouse asks to be run again.
 */
const NOT_RECORDED = /\bNO_NAVSTART\b/;
const MAX_RETRIES = 2;

/**
 * Has a child process audit, and gives back its answer. Lighthouse needs a process of its own: it computes much, which must not take time from
 * what this process measures, and it does not run inside Playwright's runner under Deno.
 * The child leaves neither browser nor profile behind. An audit of which nothing was recorded is made again, twice at most.
 * @throws HarnessError LIGHTHOUSE_FAILED with what went wrong or is missing, without secrets; NO_BROWSER
 */
export async function askAuditor<Answer>(
  options: AuditOptions,
  wanted: Wanted,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  for (let again = MAX_RETRIES; ; again--) {
    try {
      return await askOnce(options, wanted, answer);
    } catch (error) {
      if (again === 0 || !(error instanceof HarnessError) || !NOT_RECORDED.test(error.message))
        throw error;
    }
  }
}

async function askOnce<Answer>(
  { pageScript, timeoutMs, auditor, ...order }: AuditOptions,
  wanted: Wanted,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const { scrub } = secretScrubber(order.secrets);
  const executablePath = findBrowser(chromium.executablePath())?.executablePath ?? null;
  const profileDir = await mkdtemp(path.join(os.tmpdir(), 'lighthouse-'));
  // A child that answers and lives on has closed its browser.
  let isEnded = false;
  try {
    const line = JSON.stringify({ ...order, ...wanted, executablePath, profileDir });
    if (auditor !== undefined) {
      const said = await auditor.ask(line, timeoutMs);
      isEnded = said.status === null;
      return answerIn(said, answer);
    }
    await using own = openAuditor(pageScript);
    const said = await own.ask(line, timeoutMs);
    const last = await own.close();
    const status = said.status ?? last.status;
    const errors = said.errors || last.errors;
    return answerIn({ status, errors, output: said.output + last.output }, answer);
  } catch (error) {
    throw failure(scrub(order.url), scrub(error instanceof Error ? error.message : String(error)));
  } finally {
    await removeProfile(profileDir, isEnded);
  }
}

/** A child for several audits, which pass it on as `auditor`. It is to be closed. */
export function openAuditor(pageScript?: string): AuditorProcess {
  return new AuditorProcess(pageScript ?? DEFAULT_SCRIPT);
}

/** A browser whose child was killed ends a moment after it, and writes until then. */
async function removeProfile(profileDir: string, isEnded: boolean): Promise<void> {
  do {
    await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
    if (!isEnded) await sleep(TO_END_MS);
  } while (existsSync(profileDir));
}

function answerIn<Answer>(
  { output, status, errors }: ChildOutput,
  answer: z.ZodType<Answer>,
): Answer {
  const [line, ...more] = output.split('\n').filter((text) => text !== '');
  if (line === undefined) throw new Error(`${status}, without an answer. ${errors}`.trimEnd());
  if (more.length > 0) throw new Error(`more than one line: ${more[0]}`);
  const reply = auditorReply.safeParse(parseJson(line));
  if (!reply.success) throw new Error(`an answer that cannot be read: ${line.slice(0, 200)}`);
  if (reply.data.event === 'failed') throw new Error(reply.data.reason);
  const result = answer.safeParse(reply.data.answer);
  if (result.success) return result.data;
  throw new Error(`an answer without all its values: ${z.prettifyError(result.error)}`);
}

function failure(url: string, found: string): HarnessError {
  return new HarnessError({
    code: 'LIGHTHOUSE_FAILED',
    summary: `Lighthouse could not measure ${url}.`,
    found,
    expected: 'every run to end with all its values',
    remedy: 'see whether the page can be opened, and whether the time allowed is enough',
  });
}
