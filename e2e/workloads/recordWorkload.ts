import { createHash } from 'node:crypto';
import type { HarnessLine, WorkloadLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { quantile, sortSample } from '../core/statistics/quantile.ts';
import type { AiMockControl, ModelBehaviour } from '../probes/aiMock.ts';
import { type SelfMeasurement, startSelfMonitor } from '../probes/selfMonitor.ts';
import { reportProgress } from '../setup/progressFeed.ts';
import type { RecordWriter } from '../setup/recordWriter.ts';
import type { WorkloadContext } from './measuringContext.ts';
import { ModelCallCollector } from './modelCalls.ts';

/** The AI mock forgets behaviours after 60 s; renewing at a third of that survives a slow moment. */
const RENEW_EVERY_MS = 20_000;

/** What is measured under one name, and how the model behaves meanwhile. */
type WorkloadSpec = {
  name: string;
  /** How many requests of each operation are to be judged, without the warm-up. */
  planned: Record<string, number>;
  model: ModelBehaviour[];
  /** All samples are recorded at the end, so that after the death of a worker there are all or none. */
  isRecordedAsWhole?: boolean;
};

export type ActiveWorkload = {
  scope: string;
  /** Moves the calls of the model from the journal to the record; null without a mock. */
  calls: ModelCallCollector | null;
  /** Records a stall of the harness that has just ended, before the record is judged. */
  checkForStalls: () => void;
};

export type HarnessTimes = Pick<HarnessLine, 'lateP50Ms' | 'lateP99Ms' | 'modelLateP99Ms'>;

/**
 * Measures a workload once: records its start and its end, sets the model's behaviour and keeps it set, and watches the harness itself.
 * After the death of a worker, the model calls that its requests had caused are kept, and `work` runs again for what the record lacks.
 * @param work returns the times of a load, whose requests are too many to be read again; null if it measured nothing
 * @throws HarnessError AI_MOCK_FAILED, and what `work` throws; the record keeps what was measured before
 */
export async function recordWorkload(
  spec: WorkloadSpec,
  { run, aiMock, record }: WorkloadContext,
  work: (active: ActiveWorkload) => Promise<HarnessTimes | null | undefined>,
): Promise<void> {
  const { name, isRecordedAsWhole = false } = spec;
  if (isComplete(record, name)) return;
  const scope = deriveScope(run.id, name);
  const isBegun = record.soFar.workloads.some((line) => line.workload === name);
  using _progress = announce(name);
  if (!isBegun) record.append(createWorkloadLine(spec, scope, 'started', null));
  else if (aiMock !== null) await keepEarlierCalls(spec, scope, aiMock, record);
  using _model = await applyModelBehaviour(aiMock, { ...spec, scope });
  // Recorded at once: verdicts rest on the record alone, and a worker may die.
  const monitor = startSelfMonitor((stall) =>
    record.append({ type: 'disturbance', workload: name, ...stall }),
  );
  const isOfScope = (line: { scope: string }): boolean => line.scope === scope;
  let times: HarnessTimes | null | undefined;
  let self: SelfMeasurement;
  try {
    const calls = aiMock === null ? null : new ModelCallCollector(aiMock, scope, record);
    if (!isRecordedAsWhole || !record.soFar.samples.some(isOfScope)) {
      times = await work({ scope, calls, checkForStalls: monitor.check });
    }
  } finally {
    self = monitor.end();
  }
  const isMatched = times?.modelLateP99Ms != null || record.soFar.modelCalls.some(isOfScope);
  // If nothing was measured, it is unknown whether calls could have been matched.
  const isUnknown = aiMock === null || (times === null && !isMatched);
  record.append(
    { type: 'harness', workload: name, ...self, ...(times ?? harnessTimes(name, record.soFar)) },
    createWorkloadLine(spec, scope, 'complete', isUnknown ? null : isMatched),
  );
  // Only now: a worker that continues an incomplete workload needs its journal. A journal left behind expires by itself, as
  // that of shards does, which all of them read.
  if (run.header.shard === undefined) await aiMock?.forget(scope).catch(() => undefined);
}

/** Has this worker or an earlier one measured the whole workload? */
export function isComplete({ soFar }: RecordWriter, name: string): boolean {
  return soFar.workloads.some(({ workload, state }) => workload === name && state === 'complete');
}

/** Identifies a workload of a run in the AI mock's journal and in the record: eight hex digits. */
export function deriveScope(runId: string, workload: string): string {
  return createHash('sha256').update(`${runId}/${workload}`).digest('hex').slice(0, 8);
}

/** Milliseconds since the epoch, with fractions. Unlike `Date.now()` they never step when the clock of the system is set. */
export function nowEpochMs(): number {
  return performance.timeOrigin + performance.now();
}

export function requestId({ scope, index }: { scope: string; index: number }): string {
  return `${scope}-${index}`;
}

/** Seed of everything random about a workload. It depends on the name alone, so that each run offers the same. */
export function deriveSeed(name: string): number {
  return createHash('sha256').update(name).digest().readInt32BE();
}

/** Sets how the model answers the calls of a scope, and renews that until disposed of. @throws HarnessError AI_MOCK_FAILED */
export async function applyModelBehaviour(
  aiMock: AiMockControl | null,
  { name, scope, model }: { name: string; scope: string; model: ModelBehaviour[] },
): Promise<Disposable> {
  await aiMock?.setBehaviours(scope, deriveSeed(name), model);
  const renewal = setInterval(() => aiMock?.renew(scope).catch(() => undefined), RENEW_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(renewal) };
}

export function harnessTimes(workload: string, record: Readonly<RunRecord>): HarnessTimes {
  const requests = record.requests.filter((request) => request.workload === workload);
  const samples = record.samples.filter((sample) => sample.workload === workload);
  const scopes = new Set([...requests, ...samples].map(({ scope }) => scope));
  const calls = record.modelCalls.filter(({ scope }) => scopes.has(scope));
  const lateMs = requests.map((request) => request.lateMs);
  const modelLateMs = calls.flatMap((call) =>
    call.lateMs === null ? [] : [Math.max(call.lateMs, 0)],
  );
  return {
    lateP50Ms: quantileOrNull(lateMs, 0.5),
    lateP99Ms: quantileOrNull(lateMs, 0.99),
    modelLateP99Ms: quantileOrNull(modelLateMs, 0.99),
  };
}

function quantileOrNull(values: number[], q: number): number | null {
  return values.length === 0 ? null : quantile(sortSample(values), q);
}

/** Reports that a workload has begun and, when disposed of, that it has ended. */
function announce(workload: string): Disposable {
  const line = { workload, clear: [], note: '' };
  reportProgress({ ...line, state: 'running' });
  return { [Symbol.dispose]: () => reportProgress({ ...line, state: 'ended' }) };
}

/** Records the model calls of an earlier worker's requests, then clears the journal: it also holds calls of requests that are sent again. */
async function keepEarlierCalls(
  { name, model }: WorkloadSpec,
  scope: string,
  aiMock: AiMockControl,
  record: RecordWriter,
): Promise<void> {
  // The mock may not know the scope: the worker died before it set it, or so long ago that it expired.
  await aiMock.setBehaviours(scope, deriveSeed(name), model);
  await new ModelCallCollector(aiMock, scope, record).settle();
  await aiMock.forget(scope);
}

function createWorkloadLine(
  { name, planned }: WorkloadSpec,
  scope: string,
  state: WorkloadLine['state'],
  modelCallsMatched: WorkloadLine['modelCallsMatched'],
): WorkloadLine {
  const atMs = Date.now();
  return { type: 'workload', workload: name, scope, state, atMs, planned, modelCallsMatched };
}
