import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseJson } from '../../core/parseJson.ts';
import { secretScrubber } from '../secrets/secretScrubber.ts';
import { auditFlow } from './auditFlow.ts';
import { auditNavigations } from './auditNavigations.ts';
import { type AuditorOrder, type AuditorReply, auditorOrder } from './auditorProtocol.ts';
import type { PageSteps } from './pageSteps.ts';

const REMOVE = { recursive: true, force: true, maxRetries: 3 } as const;

/**
 * Makes this process a child that audits for `runLighthouse` or `runUserFlow`: it reads an order, carries it out, answers and ends.
 * A script for a product's page calls this with what to do there, and is passed to the probe as `pageScript`.
 * It ends at once, and its browser with it, when its standard input closes, as it does when the parent is gone.
 */
export async function serveAuditor(steps: PageSteps = {}): Promise<void> {
  // What steps and libraries print must not come between parent and child.
  console.log = console.error;
  console.info = console.error;
  const lines = createInterface({ input: process.stdin });
  const order = await firstOrder(lines);
  const leave = (): void => {
    // Where the parent is gone, nobody else removes it; and only when Playwright has ended Chromium, which it does on exit, it stays removed.
    process.once('exit', () => rmSync(order.profileDir, REMOVE));
    process.exit(1);
  };
  lines.once('close', leave);
  process.once('SIGTERM', leave);
  const reply = await audit(order, steps);
  lines.off('close', leave);
  process.stdout.write(`${JSON.stringify(reply)}\n`, () => process.exit(0));
}

function firstOrder(lines: ReturnType<typeof createInterface>): Promise<AuditorOrder> {
  const { promise, resolve, reject } = Promise.withResolvers<AuditorOrder>();
  const gone = (): void => reject(new Error('standard input closed before an order came'));
  lines.once('close', gone);
  lines.once('line', (line) => {
    lines.off('close', gone);
    const result = auditorOrder.safeParse(parseJson(line));
    if (result.success) resolve(result.data);
    // The order may hold tokens, and zod's messages show no values.
    else reject(new Error(`the order cannot be read: ${result.error.message}`));
  });
  return promise;
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
