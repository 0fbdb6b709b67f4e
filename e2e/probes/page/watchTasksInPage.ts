/** A long task as the page saw it; times are its `performance.now()`. */
export type SeenTask = {
  startMs: number;
  durationMs: number;
  scripts: { url: string; functionName: string; invoker: string; durationMs: number }[];
};

export type SeenTasks = {
  timeOriginMs: number;
  startMs: number;
  endMs: number;
  tasks: SeenTask[];
  /** When each frame began; empty where they were not counted. */
  framesMs: number[];
  refreshIntervalMs: number | null;
};

/** The watching as it lives in the page. */
export type TaskWatcher = { begun: Promise<void>; stop: () => Promise<SeenTasks> };

/** Of an animation frame; TypeScript does not know it yet. */
type AnimationFrame = PerformanceEntry & {
  scripts: (PerformanceEntry & {
    sourceURL: string;
    sourceFunctionName: string;
    invoker: string;
  })[];
};

/** Runs inside the page, so it may use nothing but its argument. */
export function watchTasksInPage({ countFrames }: { countFrames: boolean }): TaskWatcher {
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
