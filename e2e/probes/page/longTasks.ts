import type { Page } from '@playwright/test';
import { readFromPage } from './pageLost.ts';

/** A script's part in a long task, as Long Animation Frames tells it. */
type TaskScript = {
  /** Where the function stands, '' where Chromium does not tell. */
  url: string;
  functionName: string;
  /** What called it, such as `BUTTON#ask.onclick` or `TimerHandler:setTimeout`. */
  invoker: string;
  durationMs: number;
};

/** A task that held the main thread for more than 50 ms. */
type LongTask = {
  startedAtMs: number;
  durationMs: number;
  /** What of it is beyond 50 ms. */
  blockingMs: number;
  /** The scripts of the animation frame that it belongs to, the longest first; empty where Chromium names none of 5 ms or more. */
  scripts: TaskScript[];
};

/** What held up the main thread between two moments. */
export type MainThreadHolds = {
  startedAtMs: number;
  endedAtMs: number;
  longTasks: LongTask[];
  /** Total blocking time: the sum of `blockingMs`. */
  totalBlockingMs: number;
  /** What was missed of the frames; null where they were not counted. */
  frames: {
    /** Of the display, as seen before the beginning. */
    refreshIntervalMs: number;
    /** Frames that the main thread took part in. */
    shown: number;
    /** Frames of the display for which the main thread was not ready. */
    missed: number;
    /** The longest time from one frame to the next; null where there were not two. */
    longestMs: number | null;
  } | null;
};

/** A watch that has begun. */
type TaskWatch = {
  /** Ends it and says what was seen, from `sinceMs` (since the epoch) on where that is given. @throws HarnessError PAGE_LOST */
  stop: (options?: { sinceMs?: number }) => Promise<MainThreadHolds>;
};

/**
 * Watches a page for long tasks (Long Tasks and Long Animation Frames of Chromium), and with `countFrames` for frames that were missed.
 *
 * Frames are missed where two calls of `requestAnimationFrame` lie further apart than the display's interval: as many as whole intervals, rounded,
 * lie between them. Counting them keeps the main thread drawing at every frame, also where nothing moves, so it is off
 * unless asked for. What the compositor shows without the main thread (scrolling, transforms) is not seen.
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

/** The frame before is one of them: what held up the first one after is to be seen. */
function framesSince(sinceMs: number, framesMs: number[]): number[] {
  return framesMs.slice(
    Math.max(
      0,
      framesMs.findLastIndex((ms) => ms < sinceMs),
    ),
  );
}

/** Frames by the times at which they began. */
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
type SeenTask = {
  startMs: number;
  durationMs: number;
  scripts: { url: string; functionName: string; invoker: string; durationMs: number }[];
};

type SeenTasks = {
  timeOriginMs: number;
  startMs: number;
  endMs: number;
  tasks: SeenTask[];
  /** When each frame began; empty where they were not counted. */
  framesMs: number[];
  refreshIntervalMs: number | null;
};

/** The watching as it lives in the page. */
type TaskWatcher = { begun: Promise<void>; stop: () => Promise<SeenTasks> };

/** Of an animation frame; TypeScript does not know it yet. */
type AnimationFrame = PerformanceEntry & {
  scripts: (PerformanceEntry & {
    sourceURL: string;
    sourceFunctionName: string;
    invoker: string;
  })[];
};

/** Runs inside the page, so it may use nothing but its argument. */
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
    // The shortest steps are those of the display: what holds up the page makes them longer only.
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
    // A task is told after it is over, the frame that it belongs to after it is drawn.
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
