import { z } from 'zod';
import { serveAuditor } from '../probes/lighthouse/serveAuditor.ts';
import { ChatPage } from './chatPage.ts';

/*
 * Lighthouse's child process runs this script: it signs in and asks a question on the visited page. The token comes through a pipe, since
 * other processes can read arguments and variables.
 */
const steps = z.strictObject({
  url: z.url(),
  tenant: z.string(),
  token: z.string(),
  question: z.string(),
  keyHeldMs: z.number().nonnegative(),
  /** For the whole answer. */
  patienceMs: z.number().positive(),
});

serveAuditor({
  async interact(page, input) {
    const { url, tenant, token, question, keyHeldMs, patienceMs } = steps.parse(input);
    const chat = new ChatPage(page, { url, tokenOf: () => token });
    await chat.enter(tenant);
    await chat.untilComplete(await chat.askByKeys(question, keyHeldMs), patienceMs);
  },
});
