import type { Objective } from '../core/budget/objective.ts';
import type { RequestLine } from '../core/record/recordLine.ts';
import type { ModelBehaviour } from '../probes/aiMock.ts';
import type { RequestPlace } from '../salestalk/questions.ts';

import { reportNowAndThen } from '../setup/progressFeed.ts';
import type { RecordWriter } from '../setup/recordWriter.ts';
import type { RunContext } from '../setup/runContext.ts';
import { refuseBeyondCeilings, type WorkloadCost } from './ceilings.ts';
import { checkProgress, describeProgress, maxReplacements } from './checkProgress.ts';
import { isComplete, type RecordingContext, recordWorkload } from './recordWorkload.ts';

/** What was measured in one iteration. */
export type Sample = Pick<
  RequestLine,
  'sentAtMs' | 'failure' | 'requestId' | 'values' | 'phases' | 'checks' | 'objection'
> & { tenant: string | null };

/** Something that is measured again and again, one iteration after the other. */
export type Iterations = {
  /** Names the workload. */
  name: string;
  operation: string;
  /** Default: `page`. */
  via?: RequestLine['via'];
  /** Iterations whose samples are not judged. */
  warmUps: number;
  maxIterations: number;
  /** The objectives that it is measured for: once these are clear, it ends. None: it runs to the end. */
  serves: (objective: Objective) => boolean;
  /** How the model behaves meanwhile. */
  model: ModelBehaviour[];
  measureOne: (place: RequestPlace) => Promise<Sample>;
};

/**
 * Measures something as often as the objectives of its workload ask, within what the budget allows.
 * @param open puts what it opens into `resources`, which are closed however it ends
 * @throws HarnessError CEILING_EXCEEDED before anything is opened, and what `open` and `runIterations` throw
 */
export async function measureIterations(
  iterations: Omit<Iterations, 'maxIterations' | 'serves' | 'measureOne'>,
  context: Omit<RecordingContext, 'runId'> & { run: RunContext },
  open: (resources: AsyncDisposableStack) => Promise<Iterations['measureOne']>,
): Promise<void> {
  const { name } = iterations;
  const { run, record } = context;
  const maxIterations = maxSampleBudget(name, run);
  if (maxIterations === null || isComplete(record, name)) return;
  refuseBeyondCeilings([costOfIterations(name, iterations.warmUps + maxIterations)], run, record);
  await using resources = new AsyncDisposableStack();
  const measureOne = await open(resources);
  const all = { ...iterations, maxIterations, serves: servesWorkload(name), measureOne };
  await runIterations(all, { ...context, runId: run.id });
}

/**
 * Measures until it is clear what it is measured for, and records each sample. What the record has already is not measured again.
 * @throws HarnessError AI_MOCK_FAILED, and what `measureOne` throws
 */
export async function runIterations(iterations: Iterations, run: RecordingContext): Promise<void> {
  const { name, operation, warmUps, maxIterations, serves, model } = iterations;
  const { record } = run;
  const spec = { name, planned: { [operation]: maxIterations }, model };
  await recordWorkload(spec, run, async ({ scope, calls, checkForStalls }) => {
    const known = new Set(record.soFar.requests.map(({ id }) => id));
    // Iterations that the harness spoilt itself are replaced.
    for (
      let index = 0;
      index < warmUps + maxIterations + replacements(iterations, record);
      index++
    ) {
      if (known.has(idOf({ scope, index }))) continue;
      const warmUp = index < warmUps;
      if (!warmUp && isClear(name, serves, record)) break;
      const sample = await iterations.measureOne({ scope, index });
      record.append(sampleLine(iterations, { scope, index }, { ...sample, warmUp }));
      // Before the replacements are counted: the last iteration may be spoilt too.
      checkForStalls();
    }
    await calls?.settle();
  });
}

function replacements({ serves, maxIterations }: Iterations, record: RecordWriter): number {
  const setAside = checkProgress(serves, record.soFar).map(({ series, isClear }) =>
    isClear ? 0 : (series.setAside?.n ?? 0),
  );
  return Math.min(Math.max(0, ...setAside), maxReplacements(maxIterations));
}

function isClear(name: string, serves: Iterations['serves'], record: RecordWriter): boolean {
  const progress = checkProgress(serves, record.soFar);
  reportNowAndThen(name, () => describeProgress(progress));
  return progress.length > 0 && progress.every((entry) => entry.isClear);
}

/** A sample that succeeded and of which nothing is checked. */
export function successfulSample({
  sentAtMs,
  tenant = null,
  values,
}: Pick<Sample, 'sentAtMs' | 'values'> & { tenant?: string | null }): Sample {
  const rest = { failure: null, requestId: null, checks: {}, objection: null };
  return { sentAtMs, tenant, values, ...rest };
}

/** A sample as a line of the record. */
export function sampleLine(
  { name, operation, via = 'page' }: Pick<Iterations, 'name' | 'operation' | 'via'>,
  place: RequestPlace,
  sample: Sample & { warmUp: boolean; fault?: string },
): RequestLine {
  return {
    type: 'request',
    id: idOf(place),
    workload: name,
    operation,
    via,
    ...place,
    fault: null,
    lateMs: null,
    connectionReused: null,
    status: null,
    ...sample,
  };
}

function idOf({ scope, index }: RequestPlace): string {
  return `${scope}-${index}`;
}

/** The largest sample budget among the objectives of a workload; null where the run has none. */
export function maxSampleBudget(workload: string, { header }: RunContext): number | null {
  const mine = header.objectives.filter(servesWorkload(workload));
  return mine.length === 0 ? null : Math.max(...mine.map(({ sampleBudget }) => sampleBudget));
}

export function servesWorkload(name: string): (objective: Objective) => boolean {
  return ({ workload }) => workload === name;
}

/** One iteration follows the other, and a page is asked only where the model is mocked. */
export function costOfIterations(name: string, requests: number): WorkloadCost {
  return { name, requests, requestsPerSecond: 0, durationSeconds: 0, modelCalls: 0 };
}
