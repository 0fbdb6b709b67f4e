import type { Page } from '@playwright/test';
import { fromPage } from './fromPage.ts';
import { type SeenTask, watchTasksInPage } from './watchTasksInPage.ts';

/** A script's part in a long task, as Long Animation Frames tells it. */
export type TaskScript = {
  /** Where the function stands, '' where Chromium does not tell. */
  url: string;
  functionName: string;
  /** What called it, such as `BUTTON#ask.onclick` or `TimerHandler:setTimeout`. */
  invoker: string;
  durationMs: number;
};

/** A task that held the main thread for more than 50 ms. */
export type LongTask = {
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
export type TaskWatch = {
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
      const seen = await fromPage(
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
