import type { Page } from '@playwright/test';
import { heapUsage } from '../probes/heap/heapPerIteration.ts';
import { cpuProfile } from '../probes/page/cpuProfile.ts';
import { longTasks } from '../probes/page/longTasks.ts';
import { requestPhases } from '../probes/page/requestPhases.ts';
import { webVitals } from '../probes/page/webVitals.ts';

/** A probe whose cost is measured: `open` starts it on a page before a question and returns how to close it after the answer. */
export type MeasuredProbe = {
  name: string;
  /** Opened once, before the page loads: it can be neither opened later nor closed. */
  beforeLoad?: true;
  open: (page: Page) => Promise<() => Promise<unknown>>;
};

const doNothing = async (): Promise<void> => undefined;

/** Each runs beside `answerTiming`, which times the answer. */
export const PROBES: MeasuredProbe[] = [
  { name: 'nothing (noise of the machine)', open: async () => doNothing },
  { name: 'requestPhases', open: async (page) => (await requestPhases(page)).stop },
  { name: 'longTasks', open: async (page) => (await longTasks(page)).stop },
  {
    name: 'longTasks, frames counted',
    open: async (page) => (await longTasks(page, { countFrames: true })).stop,
  },
  {
    name: 'webVitals',
    beforeLoad: true,
    open: async (page) => {
      await webVitals(page);
      return doNothing;
    },
  },
  {
    name: 'heapUsage before the question',
    open: async (page) => {
      const session = await page.context().newCDPSession(page);
      await heapUsage(session);
      await session.detach();
      return doNothing;
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
