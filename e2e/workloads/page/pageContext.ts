import type { Browser } from '@playwright/test';
import { secretsInUrl } from '../../core/secrets/secretScrubber.ts';
import { MID_RANGE_PHONE, type Throttling } from '../../probes/page/throttlePage.ts';
import { ChatPage } from '../../salestalk/chatPage.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { type Tokens, tokenFrom } from '../../setup/tokens.ts';
import type { WorkloadContext } from '../recordWorkload.ts';

/** What measuring a page takes. */
export type PageContext = WorkloadContext & {
  tokens: Tokens;
  /** Opens a browser of its own, with these arguments beside the usual ones. */
  openBrowser: (args?: readonly string[]) => Promise<Browser>;
};

/** The device that a visitor comes with. */
export type Visitor = {
  /** As in the names of operations. */
  name: 'desktop' | 'phone';
  /** Null: this machine as it is. */
  throttling: Throttling | null;
};

export const DESKTOP: Visitor = { name: 'desktop', throttling: null };
export const PHONE: Visitor = { name: 'phone', throttling: MID_RANGE_PHONE };

/** A page in a new browser context, without a cache. */
export async function newChatPage(browser: Browser, context: PageContext): Promise<ChatPage> {
  const page = await browser.newPage();
  return new ChatPage(page, { url: uiOf(context.run), tokenOf: tokenFrom(context.tokens) });
}

/** @throws Error where the target has no UI; objectives that take one are not measured there. */
export function uiOf({ target }: RunContext): string {
  if (target.uiUrl === null) throw new Error('target has no UI');
  return target.uiUrl;
}

/** A tenant of the target. */
export function tenantOf({ run }: PageContext): string {
  const [tenant] = run.target.tenants;
  if (tenant === undefined) throw new Error('target has no tenant');
  return tenant;
}

/** What must not appear in any file that is kept of a page. */
export function secretsOf({ run, tokens }: PageContext): string[] {
  return [...tokens.values(), ...secretsInUrl(run.target.uiUrl)];
}
