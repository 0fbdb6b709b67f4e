import type { Page } from '@playwright/test';
import { readFromPage } from './pageLost.ts';

/** A script's part in a long task, from Long Animation Frames. */
type TaskScript = {
  /** '' if unknown. */
  url: string;
  functionName: string;
  /** For example `BUTTON#ask.onclick` or `TimerHandler:setTimeout`. */
  invoker: string;
  durationMs: number;
};

/** A task that blocked the main thread for more than 50 ms. */
type LongTask = {
  startedAtMs: number;
  durationMs: number;
  /** The part beyond 50 ms. */
  blockingMs: number;
  /** The scripts of its animation frame, longest first; Chromium leaves out those below 5 ms. */
  scripts: TaskScript[];
};

/** What blocked the main thread in a span of time. */
export type MainThreadHolds = {
  startedAtMs: number;
  endedAtMs: number;
  longTasks: LongTask[];
  /** Total blocking time: the sum of `blockingMs`. */
  totalBlockingMs: number;
  /** Null if frames were not counted. */
  frames: {
    /** Of the display, measured before the start. */
    refreshIntervalMs: number;
    /** Frames that the main thread drew. */
    shown: number;
    /** Frames of the display that the main thread missed. */
    missed: number;
    /** Longest time between two frames; null for fewer than two. */
    longestMs: number | null;
  } | null;
};

type TaskWatch = {
  /** Ends the watch; with `sinceMs` (since the epoch) the result starts there. @throws HarnessError PAGE_LOST */
  stop: (options?: { sinceMs?: number }) => Promise<MainThreadHolds>;
};

/**
 * Watches a page for long tasks (Long Tasks and Long Animation Frames of Chromium), and with `countFrames` for missed frames.
 *
 * Frames are missed when two calls of `requestAnimationFrame` are more than one refresh interval apart. Counting makes the main thread
 * draw every frame even if nothing moves, so it is off by default. Frames of the compositor alone (scrolling, transforms) do not count.
 */
export async function longTasks(
  page: Page,
  { countFrames = false }: { countFrames?: boolean } = {},
): Promise<TaskWatch> {
  const watcher = await page.evaluateHandle(watchTasksInPage, { countFrames });
  await watcher.evaluate(({ begun }) => begun);
  return {
    stop: async ({ sinceMs = Number.NEGATIVE_INFINITY } = {}) => {
      const seen = await readFromPage(
        'long tasks',
        watcher.evaluate(({ stop }) => stop()),
      );
      await watcher.dispose();
      const tasks = seen.tasks
        .map((task) => longTaskOf(task, seen.timeOriginMs))
        .filter(({ startedAtMs, durationMs }) => startedAtMs + durationMs > sinceMs);
      const framesMs = framesSince(sinceMs - seen.timeOriginMs, seen.framesMs);
      return {
        startedAtMs: Math.max(sinceMs, seen.timeOriginMs + seen.startMs),
        endedAtMs: seen.timeOriginMs + seen.endMs,
        longTasks: tasks,
        totalBlockingMs: tasks.reduce((sum, { blockingMs }) => sum + blockingMs, 0),
        frames: seen.refreshIntervalMs === null ? null : framesOf(framesMs, seen.refreshIntervalMs),
      };
    },
  };
}

function longTaskOf({ startMs, durationMs, scripts }: SeenTask, timeOriginMs: number): LongTask {
  return {
    startedAtMs: timeOriginMs + startMs,
    durationMs,
    blockingMs: Math.max(0, durationMs - 50),
    scripts: [...scripts].sort((a, b) => b.durationMs - a.durationMs),
  };
}

/** Includes the frame before `sinceMs`, to see what delayed the first one after it. */
function framesSince(sinceMs: number, framesMs: number[]): number[] {
  const before = framesMs.findLastIndex((ms) => ms < sinceMs);
  return framesMs.slice(Math.max(0, before));
}

export function framesOf(
  framesMs: number[],
  refreshIntervalMs: number,
): NonNullable<MainThreadHolds['frames']> {
  const stepsMs = framesMs.slice(1).map((ms, index) => ms - (framesMs[index] ?? Number.NaN));
  const missed = stepsMs.map((ms) => Math.max(0, Math.round(ms / refreshIntervalMs) - 1));
  return {
    refreshIntervalMs,
    shown: framesMs.length,
    missed: missed.reduce((sum, count) => sum + count, 0),
    longestMs: stepsMs.length === 0 ? null : Math.max(...stepsMs),
  };
}

/** A long task as the page saw it; times are its `performance.now()`. */
type SeenTask = { startMs: number; durationMs: number; scripts: TaskScript[] };

type SeenTasks = {
  timeOriginMs: number;
  startMs: number;
  endMs: number;
  tasks: SeenTask[];
  /** When each frame began; empty if frames were not counted. */
  framesMs: number[];
  refreshIntervalMs: number | null;
};

/** The handle in the page. */
type TaskWatcher = { begun: Promise<void>; stop: () => Promise<SeenTasks> };

/** TypeScript does not know `PerformanceLongAnimationFrameTiming` yet. */
type AnimationFrame = PerformanceEntry & {
  scripts: (PerformanceEntry & {
    sourceURL: string;
    sourceFunctionName: string;
    invoker: string;
  })[];
};

/** Runs in the page: it must use nothing from outside but its argument. */
function watchTasksInPage({ countFrames }: { countFrames: boolean }): TaskWatcher {
  const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const longTasks: PerformanceEntry[] = [];
  const animationFrames: AnimationFrame[] = [];
  const take = (entries: PerformanceEntry[]) => {
    for (const entry of entries) {
      if (entry.entryType === 'longtask') longTasks.push(entry);
      else animationFrames.push(entry as AnimationFrame);
    }
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: 'longtask' });
  observer.observe({ type: 'long-animation-frame' });

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

  const stop = async (): Promise<SeenTasks> => {
    const endMs = performance.now();
    isOver = true;
    // Chromium reports a task after its end, and a frame after it is drawn.
    await nextFrame();
    await nextFrame();
    await new Promise((resolve) => setTimeout(resolve));
    take(observer.takeRecords());
    observer.disconnect();
    const tasks = longTasks
      .filter((task) => task.startTime + task.duration > startMs && task.startTime < endMs)
      .map(({ startTime, duration }) => ({
        startMs: startTime,
        durationMs: duration,
        scripts: animationFrames
          .flatMap(({ scripts }) => scripts)
          .filter((script) => script.startTime < startTime + duration)
          .filter((script) => script.startTime + script.duration > startTime)
          .map((script) => ({
            url: script.sourceURL,
            functionName: script.sourceFunctionName,
            invoker: script.invoker,
            durationMs: script.duration,
          })),
      }));
    const { timeOrigin } = performance;
    return { timeOriginMs: timeOrigin, startMs, endMs, tasks, framesMs, refreshIntervalMs };
  };
  return { begun, stop };
}
