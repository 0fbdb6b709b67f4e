import type { Page } from '@playwright/test';
import { readHeapUsage } from '../probes/heap/sampleHeap.ts';
import { collectVitals } from '../probes/page/collectVitals.ts';
import { recordCpuProfile } from '../probes/page/recordCpuProfile.ts';
import { recordRequests } from '../probes/page/recordRequests.ts';
import { watchLongTasks } from '../probes/page/watchLongTasks.ts';

/** A probe whose cost is measured. `open` starts it before a question, and returns the function that ends it after the answer. */
type MeasuredProbe = {
  name: string;
  /** Opened once, before the page loads, since it can be neither opened later nor closed. */
  beforeLoad?: true;
  open: (page: Page) => Promise<() => Promise<unknown>>;
};

const doNothing = async (): Promise<void> => undefined;

/** Each runs beside `watchAnswer`, which times the answer. */
export const PROBES: MeasuredProbe[] = [
  { name: 'nothing (noise of the machine)', open: async () => doNothing },
  { name: 'recordRequests', open: async (page) => (await recordRequests(page)).stop },
  { name: 'watchLongTasks', open: async (page) => (await watchLongTasks(page)).stop },
  {
    name: 'watchLongTasks, frames counted',
    open: async (page) => (await watchLongTasks(page, { countFrames: true })).stop,
  },
  {
    name: 'collectVitals',
    beforeLoad: true,
    open: async (page) => {
      await collectVitals(page);
      return doNothing;
    },
  },
  {
    name: 'readHeapUsage before the question',
    open: async (page) => {
      const session = await page.context().newCDPSession(page);
      await readHeapUsage(session);
      await session.detach();
      return doNothing;
    },
  },
  {
    name: 'recordCpuProfile (diagnosis)',
    open: async (page) => (await recordCpuProfile(page)).stop,
  },
  {
    name: 'trace (diagnosis)',
    open: async (page) => {
      const { tracing } = page.context();
      await tracing.start({ screenshots: true, snapshots: true });
      return () => tracing.stop();
    },
  },
];
