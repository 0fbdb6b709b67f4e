import type { Browser } from '@playwright/test';
import type { Objective } from '../../core/budget/objective.ts';
import { secretsInUrl } from '../../core/secrets/secretsInUrl.ts';
import { ChatPage } from '../../salestalk/chatPage.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { type Tokens, tokenFrom } from '../../setup/tokens.ts';
import type { FrameRun } from '../api/asWorkload.ts';

/** What measuring a page takes. */
export type MeasuringPages = Omit<FrameRun, 'runId'> & {
  run: RunContext;
  tokens: Tokens;
  /** Opens a browser of its own, with these arguments beside the usual ones. */
  openBrowser: (args?: readonly string[]) => Promise<Browser>;
};

/** The page in a browser that knows nothing of it yet. */
export async function newChatPage(
  browser: Browser,
  { run, tokens }: Pick<MeasuringPages, 'run' | 'tokens'>,
): Promise<ChatPage> {
  const page = await browser.newPage();
  return new ChatPage(page, { url: uiOf(run), tokenOf: tokenFrom(tokens) });
}

/** @throws Error where the target has no UI; objectives that take one are not measured there. */
export function uiOf({ target }: RunContext): string {
  if (target.uiUrl === null) throw new Error('target has no UI');
  return target.uiUrl;
}

/** What must not be in anything that is kept of a page. */
export function secretsOf({ run, tokens }: Pick<MeasuringPages, 'run' | 'tokens'>): string[] {
  return [...tokens.values(), ...secretsInUrl(run.target.uiUrl)];
}

/** A tenant of the target. */
export function tenantOf({ run }: Pick<MeasuringPages, 'run'>): string {
  const [tenant] = run.target.tenants;
  if (tenant === undefined) throw new Error('target has no tenant');
  return tenant;
}

/** The events that the objectives of a workload ask for at most; null where the run has none. */
export function mostOf(workload: string, { run }: Pick<MeasuringPages, 'run'>): number | null {
  const mine = run.header.objectives.filter(ofWorkload(workload));
  return mine.length === 0 ? null : Math.max(...mine.map(({ sampleBudget }) => sampleBudget));
}

/** Those of one workload. */
export function ofWorkload(name: string): (objective: Objective) => boolean {
  return ({ workload }) => workload === name;
}
