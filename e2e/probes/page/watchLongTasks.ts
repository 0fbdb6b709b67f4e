import type { Page } from '@playwright/test';
import { readFromPage } from './pageLost.ts';

/** What kept the main thread from answering and drawing in a span of time. */
export type MainThreadHolds = {
  /** Total blocking time: what the tasks of more than 50 ms took beyond 50 ms each. */
  totalBlockingMs: number;
  /** Frames that the main thread drew, and frames of the display that it missed; null if they were not counted. */
  frames: { shown: number; missed: number } | null;
};

/**
 * Watches a page for long tasks, and with `countFrames` for missed frames: two calls of `requestAnimationFrame` that are more than one
 * refresh interval apart. Counting makes the main thread draw every frame even if nothing moves.
 */
export async function watchLongTasks(
  page: Page,
  { countFrames = false }: { countFrames?: boolean } = {},
) {
  const watcher = await page.evaluateHandle(watchTasksInPage, { countFrames });
  await watcher.evaluate(({ begun }) => begun);
  return {
    /** Ends the watch; with `sinceMs` (since the epoch) the result starts there. @throws HarnessError PAGE_LOST */
    stop: async ({ sinceMs = Number.NEGATIVE_INFINITY } = {}): Promise<MainThreadHolds> => {
      const { timeOriginMs, tasks, framesMs, refreshIntervalMs } = await readFromPage(
        'long tasks',
        watcher.evaluate(({ stop }) => stop()),
      );
      await watcher.dispose();
      const fromMs = sinceMs - timeOriginMs;
      return {
        totalBlockingMs: tasks
          .filter(({ startMs, durationMs }) => startMs + durationMs > fromMs)
          .reduce((sum, { durationMs }) => sum + Math.max(0, durationMs - LONG_TASK_MS), 0),
        frames:
          refreshIntervalMs === null
            ? null
            : tallyFrames(framesFrom(fromMs, framesMs), refreshIntervalMs),
      };
    },
  };
}

const LONG_TASK_MS = 50;

/** Includes the frame before `fromMs`, to see what delayed the first one after it. */
function framesFrom(fromMs: number, framesMs: number[]): number[] {
  const before = framesMs.findLastIndex((ms) => ms < fromMs);
  return framesMs.slice(Math.max(0, before));
}

export function tallyFrames(
  framesMs: number[],
  refreshIntervalMs: number,
): { shown: number; missed: number } {
  const stepsMs = framesMs.slice(1).map((ms, index) => ms - (framesMs[index] ?? Number.NaN));
  const missed = stepsMs.map((ms) => Math.max(0, Math.round(ms / refreshIntervalMs) - 1));
  return { shown: framesMs.length, missed: missed.reduce((sum, count) => sum + count, 0) };
}

/** Runs in the page: it must use nothing from outside but its argument. Times are the page's `performance.now()`. */
function watchTasksInPage({ countFrames }: { countFrames: boolean }) {
  const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const entries: PerformanceEntry[] = [];
  const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
  observer.observe({ type: 'longtask' });

  const framesMs: number[] = [];
  let startMs = performance.now();
  let refreshIntervalMs: number | null = null;
  let isOver = false;
  const onFrame = (frameMs: number) => {
    if (isOver) return;
    framesMs.push(frameMs);
    requestAnimationFrame(onFrame);
  };
  const begin = async () => {
    if (!countFrames) return;
    // A busy page only lengthens steps, so the shortest ones are the display's interval.
    const calibrationMs: number[] = [];
    for (let index = 0; index < 16; index++) calibrationMs.push(await nextFrame());
    const stepsMs = calibrationMs.slice(1).map((ms, index) => ms - (calibrationMs[index] ?? 0));
    stepsMs.sort((a, b) => a - b);
    refreshIntervalMs = stepsMs[3] ?? null;
    startMs = performance.now();
    onFrame(await nextFrame());
  };
  const begun = begin();

  const stop = async () => {
    const endMs = performance.now();
    isOver = true;
    // Chromium reports a task after its end.
    await nextFrame();
    await nextFrame();
    await new Promise((resolve) => setTimeout(resolve));
    entries.push(...observer.takeRecords());
    observer.disconnect();
    const tasks = entries
      .filter((task) => task.startTime + task.duration > startMs && task.startTime < endMs)
      .map(({ startTime, duration }) => ({ startMs: startTime, durationMs: duration }));
    return { timeOriginMs: performance.timeOrigin, tasks, framesMs, refreshIntervalMs };
  };
  return { begun, stop };
}
