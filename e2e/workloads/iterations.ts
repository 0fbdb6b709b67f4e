import type { Objective } from '../core/budget/objective.ts';
import type { SampleLine } from '../core/record/measurementLine.ts';
import type { ModelBehaviour } from '../probes/aiMock.ts';
import type { RequestPlace } from '../salestalk/questions.ts';
import { reportNowAndThen } from '../setup/progressFeed.ts';
import type { RunContext } from '../setup/runContext.ts';
import { refuseBeyondCeilings } from './ceilings.ts';
import {
  checkProgress,
  describeFurthest,
  describeProgress,
  isEnough,
  maxReplacements,
  type WorkloadProgress,
} from './checkProgress.ts';
import { objectivesToMeasure, type WorkloadContext } from './measuringContext.ts';
import { isComplete, recordWorkload, requestId } from './recordWorkload.ts';

/** What was measured in one iteration: its line of the record without its place. */
export type Sample = WithoutPlace<SampleLine>;
export type SampleOf<Kind extends Sample['type']> = Extract<Sample, { type: Kind }>;

type WithoutPlace<Line> = Line extends unknown
  ? Omit<Line, 'id' | 'workload' | 'operation' | 'scope' | 'index' | 'warmUp'>
  : never;

/** Something that is measured in iterations, one after the other. */
export type Iterations = {
  name: string;
  operation: string;
  /** Iterations whose samples are not judged. */
  warmUps: number;
  model: ModelBehaviour[];
};

/**
 * Repeats an iteration until the objectives of its workload are clear, within what the budget allows, and records each sample. Iterations
 * that the record has already are not repeated.
 * @param open puts what must be closed into `resources`, and returns the function that measures one iteration
 * @throws HarnessError CEILING_EXCEEDED before anything is opened, AI_MOCK_FAILED, and what `open` and that function throw
 */
export async function measureIterations(
  iterations: Iterations,
  context: WorkloadContext,
  open: (resources: AsyncDisposableStack) => Promise<(place: RequestPlace) => Promise<Sample>>,
): Promise<void> {
  const { name, operation, warmUps, model } = iterations;
  const { record } = context;
  const maxIterations = iterationsToMeasure(name, warmUps, context);
  if (maxIterations === null) return;
  await using resources = new AsyncDisposableStack();
  const measureOne = await open(resources);
  const spec = { name, planned: { [operation]: maxIterations }, model };
  await recordWorkload(spec, context, async ({ scope, calls, checkForStalls }) => {
    const objectives = objectivesToMeasure(context, servesWorkload(name));
    const known = new Set(record.soFar.samples.map(({ id }) => id));
    for (let index = 0; ; index++) {
      const progress = checkProgress(objectives, record.soFar);
      if (index >= warmUps + maxIterations + countReplacements(progress, maxIterations)) break;
      const place = { scope, index };
      if (known.has(requestId(place))) continue;
      const warmUp = index < warmUps;
      if (!warmUp && isEnough(progress)) break;
      reportNowAndThen(name, () => describeProgress(progress, describeFurthest(progress)));
      const sample = await measureOne(place);
      record.append(createSampleLine(iterations, place, { ...sample, warmUp }));
      // Before the replacements are counted: the last iteration may be set aside too.
      checkForStalls();
    }
    await calls?.settle();
  });
}

/** Iterations that were set aside are replaced. */
function countReplacements(progress: WorkloadProgress, maxIterations: number): number {
  const lacking = progress.map(({ setAside, needsNoMore }) => (needsNoMore ? 0 : setAside));
  return Math.min(Math.max(0, ...lacking), maxReplacements(maxIterations));
}

/** Null if the run has no such objective, or has measured the workload. @throws HarnessError CEILING_EXCEEDED */
export function iterationsToMeasure(
  name: string,
  warmUps: number,
  { run, record }: WorkloadContext,
): number | null {
  const maxIterations = maxSampleBudget(name, run);
  if (maxIterations === null || isComplete(record, name)) return null;
  const requests = warmUps + maxIterations;
  // Iterations follow one another, and pages are asked only if the model is mocked, which costs nothing.
  const cost = { name, requests, requestsPerSecond: 0, durationSeconds: 0, modelCalls: 0 };
  refuseBeyondCeilings([cost], run, record);
  return maxIterations;
}

export function createSampleLine(
  { name, operation }: Pick<Iterations, 'name' | 'operation'>,
  place: RequestPlace,
  { warmUp, ...sample }: Sample & { warmUp: boolean },
): SampleLine {
  return { ...sample, id: requestId(place), workload: name, operation, ...place, warmUp };
}

/** The largest sample budget among the objectives of a workload; null if the run has no such objective. */
export function maxSampleBudget(workload: string, { header }: RunContext): number | null {
  const mine = header.objectives.filter(servesWorkload(workload));
  return mine.length === 0 ? null : Math.max(...mine.map(({ sampleBudget }) => sampleBudget));
}

function servesWorkload(name: string): (objective: Objective) => boolean {
  return ({ workload }) => workload === name;
}
