import { z } from 'zod';
import type { PageInteraction } from '../probes/lighthouse/audit.ts';
import { ChatPage } from './chatPage.ts';

const input = z.strictObject({
  url: z.url(),
  tenant: z.string(),
  token: z.string(),
  question: z.string(),
  keyHeldMs: z.number().nonnegative(),
  /** For the whole answer. */
  patienceMs: z.number().positive(),
});

/** Signs in and asks a question on the visited page, in Lighthouse's child process. */
export const interact: PageInteraction = async (page, value) => {
  const { url, tenant, token, question, keyHeldMs, patienceMs } = input.parse(value);
  const chat = new ChatPage(page, { url, tokenOf: () => token });
  await chat.enter(tenant);
  await chat.untilComplete(await chat.askByKeys(question, keyHeldMs), patienceMs);
};
