import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { z } from 'zod';
import { HarnessError } from '../../core/harnessError.ts';
import { parseJson } from '../../core/readJson.ts';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { findBrowser } from '../chromium.ts';
import { AuditorProcess, type ChildOutput } from './auditorProcess.ts';
import { auditorReply, type LighthouseCategory } from './auditorProtocol.ts';

export type AuditOptions = {
  url: string;
  formFactor: 'desktop' | 'mobile';
  /**
   * `simulate`: Lighthouse computes the navigation on its slow network and processor (it really slows a timespan down).
   * `provided`: this machine's speed; a run takes about 12 s, since Lighthouse waits longer.
   */
  throttling: 'simulate' | 'provided';
  categories: ['performance', ...LighthouseCategory[]];
  /** For the whole audit. A run takes 5 s on a quiet machine and 10 on a busy one. */
  timeoutMs: number;
  /** Path of Lighthouse's HTML report. */
  reportPath: string;
  /**
   * Texts of at least 12 characters that no report and no error may hold, for example tokens in `input`. JSON Web Tokens are always
   * removed. Screenshots in the report show what the page shows.
   */
  secrets: readonly string[];
  /** Path of a script that calls `serveAuditor` with the steps on the product's page; without it there are no steps. */
  pageScript?: string;
  /** The process for the audit, with its own script; without it, the audit starts one. */
  auditor?: AuditorProcess;
  /** Input of `pageScript`, for example a token, sent as JSON through a pipe. */
  input?: unknown;
};

const DEFAULT_SCRIPT = fileURLToPath(new URL('./auditor.ts', import.meta.url));
const END_DELAY_MS = 100;

type AuditKind = { kind: 'navigations'; runs: number } | { kind: 'flow' };

/**
 * On a busy machine Chromium's trace sometimes lacks the start of the navigation (1 in 10 runs at twice the machine's capacity).
 * Such a run says nothing about the page, and Lighthouse asks to repeat it.
 */
const NOT_RECORDED = /\bNO_NAVSTART\b/;
const MAX_RETRIES = 2;

/**
 * Audits in a child process. Lighthouse needs its own process: its computing must not disturb what this process measures, and it does
 * not run in Playwright's runner under Deno. The child leaves neither browser nor profile behind. An audit without a recording is
 * repeated twice at most.
 * @throws HarnessError LIGHTHOUSE_FAILED with the reason, without secrets; NO_BROWSER
 */
export async function askAuditor<Answer>(
  options: AuditOptions,
  kind: AuditKind,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  for (let again = MAX_RETRIES; ; again--) {
    try {
      return await askOnce(options, kind, answer);
    } catch (error) {
      if (again === 0 || !(error instanceof HarnessError) || !NOT_RECORDED.test(error.message))
        throw error;
    }
  }
}

async function askOnce<Answer>(
  { pageScript, timeoutMs, auditor, ...order }: AuditOptions,
  kind: AuditKind,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const { scrub } = secretScrubber(order.secrets);
  const executablePath = findBrowser(chromium.executablePath())?.executablePath ?? null;
  const profileDir = await mkdtemp(path.join(os.tmpdir(), 'lighthouse-'));
  // A child that answered and still runs has closed its browser.
  let isEnded = false;
  try {
    const line = JSON.stringify({ ...order, ...kind, executablePath, profileDir });
    if (auditor !== undefined) {
      const said = await auditor.ask(line, timeoutMs);
      isEnded = said.status === null;
      return readAnswer(said, answer);
    }
    await using own = openAuditor(pageScript);
    const said = await own.ask(line, timeoutMs);
    const last = await own.close();
    const status = said.status ?? last.status;
    const errors = said.errors || last.errors;
    return readAnswer({ status, errors, output: said.output + last.output }, answer);
  } catch (error) {
    throw failure(scrub(order.url), scrub(error instanceof Error ? error.message : String(error)));
  } finally {
    await removeProfile(profileDir, isEnded);
  }
}

/** Opens a child for several audits, given as `auditor`. The caller closes it. */
export function openAuditor(pageScript?: string): AuditorProcess {
  return new AuditorProcess(pageScript ?? DEFAULT_SCRIPT);
}

/** The browser of a killed child ends shortly after it and writes until then. */
async function removeProfile(profileDir: string, isEnded: boolean): Promise<void> {
  do {
    await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
    if (!isEnded) await sleep(END_DELAY_MS);
  } while (existsSync(profileDir));
}

function readAnswer<Answer>(
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
