import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { parseJson } from '../../core/parseJson.ts';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { auditFlow, auditNavigations } from './audit.ts';
import { type AuditorOrder, type AuditorReply, auditorOrder } from './auditorProtocol.ts';

const REMOVE = { recursive: true, force: true, maxRetries: 3 } as const;

/**
 * Makes this process a child that audits for `runLighthouse` or `runUserFlow`: it reads an order, carries it out and answers, one order
 * after the other. A script for a product's page calls this with what to do there, and is passed to the probe as `pageScript`.
 * It ends at once, and its browser with it, when its standard input closes, as it does when the parent is gone.
 */
export function serveAuditor(steps: PageSteps = {}): void {
  // What steps and libraries print must not come between parent and child.
  console.log = console.error;
  console.info = console.error;
  let current: AuditorOrder | null = null;
  const leave = (): void => {
    const profileDir = current?.profileDir;
    if (profileDir === undefined) process.exit(0);
    // Where the parent is gone, nobody else removes it; and only when Playwright has ended Chromium, which it does on exit, it stays removed.
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

/** @throws Error without values: the order may hold tokens, and zod's messages show none */
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

/** The messages of an error and its causes. Lighthouse's errors have a code for programs and a sentence for people. */
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
