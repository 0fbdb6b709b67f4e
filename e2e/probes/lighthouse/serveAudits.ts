import { rmSync } from 'node:fs';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { type AuditOrder, auditFlow, auditNavigation } from './audit.ts';

/*
 * The script of the child process of `LighthouseProcess`: it carries out one order after the other. The process and its browser end on
 * SIGTERM and when the parent is gone.
 */

export type AuditReply =
  | { event: 'audited'; answer: unknown }
  | { event: 'failed'; reason: string };

let profileDir: string | null = null;

process.once('SIGTERM', leave);
process.once('disconnect', leave);
process.on('message', async (order: AuditOrder) => {
  profileDir = order.profileDir;
  const reply = await audit(order);
  profileDir = null;
  process.send?.(reply);
});

function leave(): void {
  const folder = profileDir;
  if (folder === null) process.exit(0);
  // Without a parent nothing else removes it, and it stays removed only once Playwright has ended Chromium, on exit.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  process.exit(1);
}

async function audit(order: AuditOrder): Promise<AuditReply> {
  try {
    const answer = order.kind === 'flow' ? await auditFlow(order) : await auditNavigation(order);
    return { event: 'audited', answer };
  } catch (error) {
    return { event: 'failed', reason: secretScrubber(order.secrets).scrub(describeError(error)) };
  }
}

/** The messages of an error and its causes. Lighthouse's errors have a code and a sentence for people. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  const { code, friendlyMessage } = error as { code?: string; friendlyMessage?: string };
  const words = friendlyMessage === undefined ? message : `${code}: ${friendlyMessage}`;
  return cause === undefined ? words : `${words}: ${describeError(cause)}`;
}
