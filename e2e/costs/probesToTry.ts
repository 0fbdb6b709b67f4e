import type { Page } from '@playwright/test';
import { cpuProfile } from '../probes/cpu/cpuProfile.ts';
import { heapUsage } from '../probes/heap/heapUsage.ts';
import { longTasks } from '../probes/page/longTasks.ts';
import { requestPhases } from '../probes/page/requestPhases.ts';
import { webVitals } from '../probes/page/webVitals.ts';

/** A probe, opened on a page before a question is asked; what comes back closes it once the answer is there. */
export type ProbeToTry = {
  name: string;
  /** Opened once, before the page is, since it cannot be opened later nor closed. */
  fromTheStart?: true;
  open: (page: Page) => Promise<() => Promise<unknown>>;
};

const nothing = async (): Promise<void> => undefined;

/** Each is tried beside `answerTiming`, which tells how long the answer took. */
export const PROBES_TO_TRY: ProbeToTry[] = [
  { name: 'nothing (noise of the machine)', open: async () => nothing },
  { name: 'requestPhases', open: async (page) => (await requestPhases(page)).stop },
  { name: 'longTasks', open: async (page) => (await longTasks(page)).stop },
  {
    name: 'longTasks, frames counted',
    open: async (page) => (await longTasks(page, { countFrames: true })).stop,
  },
  {
    name: 'webVitals',
    fromTheStart: true,
    open: async (page) => {
      await webVitals(page);
      return nothing;
    },
  },
  {
    name: 'heapUsage before the question',
    open: async (page) => {
      const session = await page.context().newCDPSession(page);
      await heapUsage(session);
      await session.detach();
      return nothing;
    },
  },
  { name: 'cpuProfile (diagnosis)', open: async (page) => (await cpuProfile(page)).stop },
  {
    name: 'trace (diagnosis)',
    open: async (page) => {
      const { tracing } = page.context();
      await tracing.start({ screenshots: true, snapshots: true });
      return () => tracing.stop();
    },
  },
];
