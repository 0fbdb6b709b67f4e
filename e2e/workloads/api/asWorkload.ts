import type { WorkloadLine } from '../../core/record/recordLine.ts';
import type { AiMockControl, ModelBehaviour } from '../../probes/aiMock.ts';
import { type SelfMeasurement, startSelfMonitor } from '../../probes/selfMonitor.ts';
import { reportProgress } from '../../setup/progressFeed.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import { type HarnessTimes, harnessLine } from './harnessLine.ts';
import { keepModel } from './keepModel.ts';
import { ModelCallCollector } from './modelCallCollector.ts';
import { scopeOf, seedOf } from './plan.ts';

/** What is measured under one name, and what the model does meanwhile. */
export type Frame = {
  name: string;
  /** How often each operation is to be judged, warm-up left out. */
  planned: Partial<Record<string, number>>;
  model: ModelBehaviour[];
};

/** The run that it belongs to. */
export type FrameRun = {
  runId: string;
  /** Null: the model is a real one, or none is called. */
  aiMock: AiMockControl | null;
  record: RecordWriter;
};

/**
 * What the work within a frame goes by. `calls` moves the calls of the model from the journal to the record; null without a mock.
 * `checkForStalls` puts a stall of the harness that has just ended on record, before that is looked at.
 */
export type Framed = {
  scope: string;
  calls: ModelCallCollector | null;
  checkForStalls: () => void;
};

/**
 * Measures something under a name of its own: the record tells when that began and was complete, the model is told what to do and kept
 * at it, the harness watches itself. What is complete is not measured again; of what a worker died over, the calls that it had caused are
 * kept, and the work is done again, which leaves out what the record has.
 * @param work gives back the times of a load, whose requests are too many to be looked at again; null where it left all as it was
 * @throws HarnessError AI_MOCK_FAILED, and what the work throws; what was measured up to then stays in the record
 */
export async function asWorkload(
  frame: Frame,
  { runId, aiMock, record }: FrameRun,
  work: (framed: Framed) => Promise<HarnessTimes | null | undefined>,
): Promise<void> {
  const { name, model } = frame;
  const scope = scopeOf(runId, name);
  const mine = record.soFar.workloads.filter((line) => line.workload === name);
  if (isComplete(record, name)) return;
  using _progress = announce(name);
  if (mine.length === 0) record.append(lineOf(frame, scope, 'started', null));
  else if (aiMock !== null) await keepEarlierCalls(frame, scope, aiMock, record);
  using _ = await keepModel(aiMock, { name, scope, model });
  // Written at once: verdicts rest on the record alone, and a worker may die.
  const monitor = startSelfMonitor((one) =>
    record.append({ type: 'disturbance', workload: name, ...one }),
  );
  let times: Awaited<ReturnType<typeof work>>;
  let self: SelfMeasurement;
  try {
    const calls = aiMock === null ? null : new ModelCallCollector(aiMock, scope, record);
    times = await work({ scope, calls, checkForStalls: monitor.check });
  } finally {
    self = monitor.end();
  }
  const isMatched =
    times?.modelLateP99Ms != null || record.soFar.modelCalls.some((call) => call.scope === scope);
  // Of what was not measured nobody knows whether its calls could have been matched.
  const isUnknown = aiMock === null || (times === null && !isMatched);
  record.append(
    harnessLine(name, self, record.soFar, times ?? undefined),
    lineOf(frame, scope, 'complete', isUnknown ? null : isMatched),
  );
  // Only now: until the workload is complete, whoever goes on with it needs its journal. What is left behind expires by itself.
  await aiMock?.forget(scope).catch(() => undefined);
}

/** Was the workload measured to its end, by this worker or one before it? */
export function isComplete({ soFar }: RecordWriter, name: string): boolean {
  return soFar.workloads.some(({ workload, state }) => workload === name && state === 'complete');
}

/** Says that a workload has begun, and in the end that it is over, however that came about. */
function announce(workload: string): Disposable {
  const line = { workload, clear: [], note: '' };
  reportProgress({ ...line, state: 'running' });
  return { [Symbol.dispose]: () => reportProgress({ ...line, state: 'ended' }) };
}

/** What an earlier worker's requests called, before the journal makes way for those that it left unanswered. */
async function keepEarlierCalls(
  { name, model }: Frame,
  scope: string,
  aiMock: AiMockControl,
  record: RecordWriter,
): Promise<void> {
  // That worker may have died before it made the scope known, or long enough ago for it to be forgotten.
  await aiMock.setBehaviours(scope, seedOf(name), model);
  await new ModelCallCollector(aiMock, scope, record).settle();
  await aiMock.forget(scope);
}

function lineOf(
  { name, planned }: Frame,
  scope: string,
  state: WorkloadLine['state'],
  modelCallsMatched: WorkloadLine['modelCallsMatched'],
): WorkloadLine {
  const counts = Object.entries(planned).filter(([, count]) => count !== undefined);
  return {
    type: 'workload',
    workload: name,
    scope,
    state,
    atMs: Date.now(),
    planned: Object.fromEntries(counts) as WorkloadLine['planned'],
    modelCallsMatched,
  };
}
