import type { InheritedFrom } from '../core/budget/readBudget.ts';
import { HarnessError } from '../core/harnessError.ts';
import type { MeasurementLine } from '../core/record/measurementLine.ts';
import type { RunLine, WorkloadLine } from '../core/record/recordLine.ts';
import { measurementsOf, type RunRecord } from '../core/record/runRecord.ts';
import type { RunContext } from '../setup/runContext.ts';
import {
  computeLoadCost,
  MODEL_CALLS_PER_REQUEST,
  requestsPerOperation,
  type WorkloadCost,
} from './workloadCost.ts';

/** Unless the target says that its model is mocked, it counts as a real one. */
const HINTS: Record<string, string> = {
  paidModelCalls:
    'If its model is mocked, say so: AI_MOCK_PORT or AI_MOCK_CONTROL_URL, and supports → mockedAi. Else: ',
};

/** Refuses workloads that, with what the run has sent and will send, exceed the target's ceilings. @throws HarnessError CEILING_EXCEEDED */
export function refuseBeyondCeilings(
  costs: readonly WorkloadCost[],
  run: { target: Pick<RunContext['target'], 'name' | 'ceilings' | 'supports'> },
  record: { soFar: Readonly<SentSoFar> } = NOTHING_SENT,
): void {
  const { ceilings, supports } = run.target;
  const names = costs.map((cost) => cost.name);
  const others = computeOtherCosts(names, record.soFar);
  const sumOf = (key: Exclude<keyof WorkloadCost, 'name'>): number =>
    costs.reduce((sum, cost) => sum + cost[key], 0);
  const planned = {
    requestsPerSecond: sumOf('requestsPerSecond'),
    requestsPerRun: others.requests + sumOf('requests'),
    paidModelCalls: supports.mockedAi ? 0 : others.modelCalls + sumOf('modelCalls'),
    durationSeconds: Math.max(0, ...costs.map((cost) => cost.durationSeconds)),
  };
  for (const [ceiling, amount] of Object.entries(planned)) {
    const allowed = ceilings[ceiling as keyof typeof planned];
    // Rounded, since the sum of rates that were scaled to fit is a little off.
    if (Number(amount.toPrecision(9)) <= allowed) continue;
    const { name } = run.target;
    throw ceilingExceeded({
      summary: `The ${names.length === 1 ? 'workload' : 'workloads'} ${names.join(', ')} would cost ${name} more than its budget allows.`,
      file: `budgets/${name}.json`,
      path: `ceilings → ${ceiling}`,
      planned: Math.ceil(amount),
      allowed,
      remedy: `${HINTS[ceiling] ?? ''}Lower the sample sizes, raise the ceiling, or take the objective out of this budget.`,
    });
  }
}

type SentSoFar = Pick<RunRecord, 'workloads' | 'noops' | 'requests' | 'samples'>;

const NOTHING_SENT = { soFar: { workloads: [], noops: [], requests: [], samples: [] } };

/** What other workloads have sent or, if unfinished, will send. A load counts as sent whole, since its requests are not kept in memory. */
function computeOtherCosts(
  names: readonly string[],
  record: Readonly<SentSoFar>,
): Pick<WorkloadCost, 'requests' | 'modelCalls'> {
  const { workloads, noops } = record;
  const isOther = ({ workload }: { workload: string }) => !names.includes(workload);
  const sent = Map.groupBy(measurementsOf(record).filter(isOther), ({ workload }) => workload);
  const announced = Map.groupBy(workloads.filter(isOther), ({ workload }) => workload);
  const cost = { requests: 0, modelCalls: 0 };
  for (const other of new Set([...sent.keys(), ...announced.keys()])) {
    const mine = sent.get(other) ?? [];
    const lines = announced.get(other) ?? [];
    const isLoad = lines.some(({ planned }) => planned[other] !== undefined);
    const isWhole = mine.length > 0 && lines.some(({ state }) => state === 'complete');
    const planned = countPlanned(lines);
    const count = isLoad ? planned : Math.max(countSent(mine), isWhole ? 0 : planned);
    cost.requests += count + noops.filter(({ workload }) => workload === other).length;
    // Pages and processes are measured only if the model is mocked, which costs nothing.
    if (isLoad || mine.every(({ type }) => type === 'request')) {
      cost.modelCalls += count * MODEL_CALLS_PER_REQUEST;
    }
  }
  return cost;
}

function countSent(lines: readonly MeasurementLine[]): number {
  return lines.reduce((sum, line) => {
    const times = line.type === 'memory' ? line.iterations : 1;
    return sum + requestsPerOperation(line.operation) * times;
  }, 0);
}

function countPlanned([first]: WorkloadLine[]): number {
  if (first === undefined) return 0;
  return Object.entries(first.planned).reduce(
    (sum, [operation, count]) => sum + count * requestsPerOperation(operation),
    0,
  );
}

/** Refuses loads that exceed their own ceilings; those of the run are checked when a load is measured. @throws HarnessError CEILING_EXCEEDED */
export function refuseCostlyLoads(
  header: Pick<RunLine, 'objectives'>,
  target: Pick<RunContext['target'], 'name' | 'loads' | 'supports'>,
  inheritedFrom: InheritedFrom,
): void {
  // A mocked model costs nothing.
  if (target.supports.mockedAi) return;
  for (const [name, load] of Object.entries(target.loads)) {
    const judged = header.objectives.filter(({ workload }) => workload === name);
    if (load === undefined || judged.length === 0) continue;
    const cost = computeLoadCost(name, load, Math.max(...judged.map((one) => one.sampleBudget)));
    for (const key of ['modelCalls', 'tokens'] as const) {
      const [planned, allowed] = [cost[key], load.ceilings[key]];
      if (planned === null || allowed === undefined || planned <= allowed) continue;
      throw ceilingExceeded({
        summary: `The load "${name}" would cost ${target.name} more than its own ceilings allow.`,
        file: inheritedFrom('loads', name) ?? `budgets/${target.name}.json`,
        path: `loads → ${name} → ceilings → ${key}`,
        planned,
        allowed,
        remedy: 'Lower the rate or the duration, set ceilings → requests, or raise the ceiling.',
      });
    }
  }
}

function ceilingExceeded({
  planned,
  allowed,
  ...details
}: Record<'summary' | 'file' | 'path' | 'remedy', string> & {
  planned: number;
  allowed: number;
}): HarnessError {
  return new HarnessError({
    code: 'CEILING_EXCEEDED',
    found: `${planned} planned`,
    expected: `at most ${allowed}`,
    ...details,
  });
}
