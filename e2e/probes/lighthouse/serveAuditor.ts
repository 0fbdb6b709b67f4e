import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { parseJson } from '../../core/readJson.ts';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { auditFlow, auditNavigations } from './audit.ts';
import { type AuditorOrder, type AuditorReply, auditorOrder } from './auditorProtocol.ts';

const REMOVE = { recursive: true, force: true, maxRetries: 3 } as const;

/**
 * Makes this process the child of `runLighthouse` or `runUserFlow`: it reads an order, carries it out and replies, one after the other.
 * A script with a product's steps calls this and is passed to the probe as `pageScript`.
 * The process and its browser end when its standard input closes, which also happens when the parent is gone.
 */
export function serveAuditor(steps: PageSteps = {}): void {
  // Keeps prints of steps and libraries out of the replies.
  console.log = console.error;
  console.info = console.error;
  let current: AuditorOrder | null = null;
  const leave = (): void => {
    const profileDir = current?.profileDir;
    if (profileDir === undefined) process.exit(0);
    // Without a parent nothing else removes it, and it stays removed only once Playwright has ended Chromium, on exit.
    process.once('exit', () => rmSync(profileDir, REMOVE));
    process.exit(1);
  };
  process.once('SIGTERM', leave);
  const lines = createInterface({ input: process.stdin });
  lines.once('close', leave);
  lines.on('line', async (line) => {
    current = readOrder(line);
    const reply = await audit(current, steps);
    current = null;
    process.stdout.write(`${JSON.stringify(reply)}\n`);
  });
}

/** @throws Error without values: the order may hold tokens, which zod's messages do not show */
function readOrder(line: string): AuditorOrder {
  const result = auditorOrder.safeParse(parseJson(line));
  if (result.success) return result.data;
  throw new Error(`the order cannot be read: ${result.error.message}`);
}

async function audit(order: AuditorOrder, steps: PageSteps): Promise<AuditorReply> {
  try {
    const answer =
      order.kind === 'flow' ? await auditFlow(order, steps) : await auditNavigations(order, steps);
    return { event: 'audited', answer };
  } catch (error) {
    return { event: 'failed', reason: secretScrubber(order.secrets).scrub(reasonOf(error)) };
  }
}

/** The messages of an error and its causes. Lighthouse's errors have a code and a sentence for people. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, friendlyMessage, cause, message } = error as Error & {
    code?: unknown;
    friendlyMessage?: unknown;
  };
  const words =
    typeof friendlyMessage === 'string' ? `${String(code)}: ${friendlyMessage}` : message;
  return cause === undefined ? words : `${words}: ${reasonOf(cause)}`;
}

/**
 * A product's steps in the audited tab. `input` comes from the caller of the probe, through JSON. Steps may use all of Playwright
 * except `page.route()`, which slows every request down.
 */
export type PageSteps = {
  /**
   * Before each measured navigation, for example signing in. Cookies and the tab's storage stay; the HTTP cache is cleared.
   */
  prepare?: (page: Page, input: unknown) => Promise<void>;
  /** The timespan of a user flow, on the page after the navigation; it must not navigate. */
  interact?: (page: Page, input: unknown) => Promise<void>;
};
