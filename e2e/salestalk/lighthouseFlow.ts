import { z } from 'zod';
import { serveAuditor } from '../probes/lighthouse/serveAuditor.ts';
import { ChatPage } from './chatPage.ts';

/*
 * A script of its own, in which Lighthouse audits: somebody signs in and asks, on the page as the visit left it. What is typed comes through
 * the pipe to this process, the token with it: arguments and variables are there for others to read.
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
