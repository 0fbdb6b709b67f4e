import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { HarnessError } from '../../core/harnessError.ts';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { findBrowser, PAGE_HOSTS_VARIABLE, TRUSTED_KEYS_VARIABLE } from '../chromium.ts';
import { inheritedEnvironment } from '../environment.ts';
import type {
  AuditOptions,
  AuditOrder,
  AuditRequest,
  FlowOptions,
  LighthouseFlow,
} from './audit.ts';
import type { LighthouseRun } from './readRun.ts';
import type { AuditReply } from './serveAudits.ts';

/**
 * On a busy machine Chromium's trace sometimes lacks the start of the navigation (1 in 10 runs at twice the machine's capacity) or the
 * first paint. Such a run says nothing about the page. One that never paints is the same after each audit.
 */
const NOT_RECORDED = /\b(?:NO_NAVSTART|NO_FCP)\b/;
const MAX_RETRIES = 2;

const SCRIPT = fileURLToPath(new URL('./serveAudits.ts', import.meta.url));
const MAX_ERROR_CHARACTERS = 2048;
const STOP_TIMEOUT_MS = 3000;
const END_DELAY_MS = 100;

type Child = {
  process: ChildProcess;
  /** The end of its standard error since the latest order. */
  errors: string;
  /** Its exit status or signal. */
  ended: Promise<string>;
};

/**
 * Runs Lighthouse in a child process: its computing must not disturb what this process measures, and it does not run in Playwright's
 * runner under Deno. The child starts with the first audit and serves one audit at a time, since loading Lighthouse is slow. It
 * ends when this process is gone, and leaves neither browser nor profile behind.
 */
export class LighthouseProcess implements AsyncDisposable {
  #child: Child | null = null;

  /**
   * Audits one navigation in a new browser with an empty profile.
   * @throws HarnessError LIGHTHOUSE_FAILED with the reason, without secrets; NO_BROWSER
   */
  auditNavigation(options: AuditOptions): Promise<LighthouseRun> {
    return this.#audit({ ...options, kind: 'navigation' }) as Promise<LighthouseRun>;
  }

  /**
   * Audits a navigation and then, as a timespan, the steps of `interact` in the same tab.
   * @throws HarnessError as `auditNavigation`, or if the steps fail
   */
  auditFlow(options: FlowOptions): Promise<LighthouseFlow> {
    return this.#audit({ ...options, kind: 'flow' }) as Promise<LighthouseFlow>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child === null) return;
    const { process, ended } = this.#child;
    process.kill('SIGTERM');
    const timer = setTimeout(() => process.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended.finally(() => clearTimeout(timer));
  }

  async #audit(request: AuditRequest): Promise<unknown> {
    for (let retries = 0; ; retries++) {
      try {
        return await this.#auditOnce(request);
      } catch (error) {
        const isRetried = error instanceof HarnessError && NOT_RECORDED.test(error.message);
        if (!isRetried || retries === MAX_RETRIES) throw error;
      }
    }
  }

  async #auditOnce(request: AuditRequest): Promise<unknown> {
    const { scrub } = secretScrubber(request.secrets);
    const executablePath = findBrowser(chromium.executablePath())?.executablePath ?? null;
    const profileDir = await mkdtemp(path.join(os.tmpdir(), 'lighthouse-'));
    try {
      const reply = await this.#ask({ ...request, executablePath, profileDir });
      if (reply.event === 'audited') return reply.answer;
      throw auditFailed(scrub(request.url), scrub(reply.reason));
    } finally {
      await this.#removeProfile(profileDir);
    }
  }

  async #ask(order: AuditOrder): Promise<AuditReply> {
    const child = this.#start();
    child.errors = '';
    const waiting = new AbortController();
    const { signal } = waiting;
    const failed = (reason: string): AuditReply => {
      return { event: 'failed', reason: `${reason}. ${child.errors.trim()}`.trimEnd() };
    };
    try {
      const replied = once(child.process, 'message', { signal });
      // A child that has just ended cannot be written to; its exit status says more.
      child.process.send(order, () => undefined);
      const reply = await Promise.race([
        replied.then(
          ([message]): AuditReply => message,
          ({ message }: Error) => failed(message),
        ),
        child.ended.then((status) => failed(`${status}, without an answer`)),
        sleep(order.timeoutMs, null, { signal }),
      ]);
      if (reply !== null) return reply;
      await this[Symbol.asyncDispose]();
      return failed(`nothing after ${order.timeoutMs / 1000} s`);
    } finally {
      waiting.abort();
    }
  }

  #start(): Child {
    if (this.#child !== null) return this.#child;
    const onDeno = process.versions.deno !== undefined;
    const started = fork(SCRIPT, {
      execArgv: onDeno ? [] : ['--disable-warning=ExperimentalWarning'],
      env: inheritedEnvironment(
        'PLAYWRIGHT_BROWSERS_PATH',
        TRUSTED_KEYS_VARIABLE,
        PAGE_HOSTS_VARIABLE,
      ),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const ended = new Promise<string>((resolve) => {
      started.once('error', ({ message }) => resolve(message));
      // 'close' comes after standard error is read completely.
      started.once('close', (code, signal) => {
        this.#child = null;
        resolve(signal ?? `exit status ${code}`);
      });
    });
    const child: Child = { process: started, errors: '', ended };
    started.stderr?.setEncoding('utf8').on('data', (text: string) => {
      child.errors = (child.errors + text).slice(-MAX_ERROR_CHARACTERS);
    });
    this.#child = child;
    return child;
  }

  /** A child that runs has closed its browser. The browser of one that was killed ends shortly after it and writes until then. */
  async #removeProfile(profileDir: string): Promise<void> {
    do {
      await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
      if (this.#child === null) await sleep(END_DELAY_MS);
    } while (existsSync(profileDir));
  }
}

function auditFailed(url: string, found: string): HarnessError {
  return new HarnessError({
    code: 'LIGHTHOUSE_FAILED',
    summary: `Lighthouse could not measure ${url}.`,
    found,
    expected: 'an audit with all its values',
    remedy: 'see whether the page can be opened, and whether the time allowed is enough',
  });
}
