import { HarnessError } from '../core/harnessError.ts';
import type { WorkloadLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { REQUESTS_PER_FOREIGN_SESSION } from '../salestalk/foreignSession.ts';
import type { RecordWriter } from '../setup/recordWriter.ts';
import type { RunContext } from '../setup/runContext.ts';

/** Calls of the model that one request causes at most. */
export const MODEL_CALLS_PER_REQUEST = 2;

/** What a workload costs its target at most. An iteration on a page counts as one request, whatever files it loads. */
export type WorkloadCost = {
  name: string;
  requests: number;
  /** 0 where one iteration follows the other. */
  requestsPerSecond: number;
  durationSeconds: number;
  modelCalls: number;
};

/** Without a word that the model is mocked, it counts as a real one. */
const HINTS: Record<string, string> = {
  paidModelCalls:
    'If its model is mocked, say so: AI_MOCK_PORT or AI_MOCK_CONTROL_URL, and supports → mockedAi. Else: ',
};

/**
 * Refuses workloads that run at the same time if they would cost the target more than its budget allows, together with what the run has
 * sent already and with what unfinished workloads will send.
 * @throws HarnessError CEILING_EXCEEDED, before anything of them is sent
 */
export function refuseBeyondCeilings(
  costs: readonly WorkloadCost[],
  run: RunContext,
  record: RecordWriter,
): void {
  const { ceilings, name, supports } = run.target;
  const names = costs.map((cost) => cost.name);
  const others = costOfOthers(names, record.soFar);
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
    // The sum of rates that were scaled to fit is a little off.
    if (Number(amount.toPrecision(9)) <= allowed) continue;
    throw new HarnessError({
      code: 'CEILING_EXCEEDED',
      summary: `The ${names.length === 1 ? 'workload' : 'workloads'} ${names.join(', ')} would cost ${name} more than its budget allows.`,
      file: `budgets/${name}.json`,
      path: `ceilings → ${ceiling}`,
      found: `${Math.ceil(amount)} planned`,
      expected: `at most ${allowed}`,
      remedy: `${HINTS[ceiling] ?? ''}Lower the sample sizes, raise the ceiling, or take the objective out of this budget.`,
    });
  }
}

/**
 * What other workloads than these have sent or, while they are unfinished, will send where that is more. A load, whose requests are not
 * kept in memory and are planned under its own name, counts as sent whole.
 */
function costOfOthers(
  names: readonly string[],
  { requests, workloads, noops }: Readonly<RunRecord>,
): Pick<WorkloadCost, 'requests' | 'modelCalls'> {
  const isOther = ({ workload }: { workload: string }) => !names.includes(workload);
  const sent = Map.groupBy(requests.filter(isOther), ({ workload }) => workload);
  const announced = Map.groupBy(workloads.filter(isOther), ({ workload }) => workload);
  const cost = { requests: 0, modelCalls: 0 };
  for (const other of new Set([...sent.keys(), ...announced.keys()])) {
    const mine = sent.get(other) ?? [];
    const plan = announced.get(other) ?? [];
    const isLoad = plan.some(({ planned }) => planned[other] !== undefined);
    const count = isLoad ? plannedOf(plan) : Math.max(sentOf(mine), dueOf(plan, mine.length > 0));
    cost.requests += count + noops.filter(({ workload }) => workload === other).length;
    // Pages and processes are measured only where the model is mocked, which costs nothing.
    if (isLoad || mine.every(({ via }) => via === 'api')) {
      cost.modelCalls += count * MODEL_CALLS_PER_REQUEST;
    }
  }
  return cost;
}

function sentOf(requests: RunRecord['requests']): number {
  return requests.reduce(
    (sum, { operation, values }) => sum + requestsOfOperation(operation) * (values.uses ?? 1),
    0,
  );
}

/** What a workload that is not complete will send. */
function dueOf(lines: WorkloadLine[], hasSent: boolean): number {
  return hasSent && lines.some(({ state }) => state === 'complete') ? 0 : plannedOf(lines);
}

function plannedOf([first]: WorkloadLine[]): number {
  if (first === undefined) return 0;
  return Object.entries(first.planned).reduce(
    (sum, [operation, count]) => sum + count * requestsOfOperation(operation),
    0,
  );
}

/** A trial of another tenant's session takes several requests. */
export function requestsOfOperation(operation: string): number {
  return operation === 'foreignSession' ? REQUESTS_PER_FOREIGN_SESSION : 1;
}
