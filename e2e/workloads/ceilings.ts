import { expectedRequests, highestRate, rateProfile } from '../core/budget/arrivalModel.ts';
import type { Load } from '../core/budget/loadSchema.ts';
import { mostExpensiveSteps, stepDurationSeconds } from '../core/budget/rateSearch.ts';
import type { InheritedFrom } from '../core/budget/readBudget.ts';
import { HarnessError } from '../core/harnessError.ts';
import type { MeasurementLine } from '../core/record/measurementLine.ts';
import type { RunLine, WorkloadLine } from '../core/record/recordLine.ts';
import { measurementsOf, type RunRecord } from '../core/record/runRecord.ts';
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
    // The sum of rates that were scaled to fit is a little off.
    if (Number(amount.toPrecision(9)) <= allowed) continue;
    throw ceilingExceeded(run.target, {
      summary: `The ${names.length === 1 ? 'workload' : 'workloads'} ${names.join(', ')} would cost ${run.target.name} more than its budget allows.`,
      path: `ceilings → ${ceiling}`,
      planned: Math.ceil(amount),
      allowed,
      remedy: `${HINTS[ceiling] ?? ''}Lower the sample sizes, raise the ceiling, or take the objective out of this budget.`,
    });
  }
}

/**
 * What other workloads than these have sent or, while they are unfinished, will send where that is more. A load, whose requests are not
 * kept in memory and are planned under its own name, counts as sent whole.
 */
function computeOtherCosts(
  names: readonly string[],
  record: Readonly<RunRecord>,
): Pick<WorkloadCost, 'requests' | 'modelCalls'> {
  const { workloads, noops } = record;
  const isOther = ({ workload }: { workload: string }) => !names.includes(workload);
  const sent = Map.groupBy(measurementsOf(record).filter(isOther), ({ workload }) => workload);
  const announced = Map.groupBy(workloads.filter(isOther), ({ workload }) => workload);
  const cost = { requests: 0, modelCalls: 0 };
  for (const other of new Set([...sent.keys(), ...announced.keys()])) {
    const mine = sent.get(other) ?? [];
    const plan = announced.get(other) ?? [];
    const isLoad = plan.some(({ planned }) => planned[other] !== undefined);
    const count = isLoad ? countPlanned(plan) : Math.max(countSent(mine), countDue(plan, mine.length > 0));
    cost.requests += count + noops.filter(({ workload }) => workload === other).length;
    // Pages and processes are measured only where the model is mocked, which costs nothing.
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

/** What a workload that is not complete will send. */
function countDue(lines: WorkloadLine[], hasSent: boolean): number {
  return hasSent && lines.some(({ state }) => state === 'complete') ? 0 : countPlanned(lines);
}

function countPlanned([first]: WorkloadLine[]): number {
  if (first === undefined) return 0;
  return Object.entries(first.planned).reduce(
    (sum, [operation, count]) => sum + count * requestsPerOperation(operation),
    0,
  );
}

/** A trial of another tenant's session takes several requests. */
export function requestsPerOperation(operation: string): number {
  return operation === 'foreignSession' ? REQUESTS_PER_FOREIGN_SESSION : 1;
}

/** One iteration follows the other, and a page is asked only where the model is mocked. */
export function computeIterationCost(name: string, requests: number): WorkloadCost {
  return { name, requests, requestsPerSecond: 0, durationSeconds: 0, modelCalls: 0 };
}

/**
 * Refuses loads that cost more than their own ceilings allow, before anything is sent. The ceilings of the run are checked when a load is
 * measured.
 * @throws HarnessError CEILING_EXCEEDED
 */
export function refuseCostlyLoads(
  header: RunLine,
  target: RunContext['target'],
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
      throw ceilingExceeded(target, {
        summary: `The load "${name}" would cost ${target.name} more than its own ceilings allow.`,
        file: inheritedFrom('loads', name),
        path: `loads → ${name} → ceilings → ${key}`,
        planned,
        allowed,
        remedy: 'Lower the rate or the duration, set ceilings → requests, or raise the ceiling.',
      });
    }
  }
}

/** What a load costs at most. */
export type LoadCost = WorkloadCost & {
  /** Null where the budget does not say how many a call takes. */
  tokens: number | null;
};

/** A classification and the narrative that may follow are one call each. */
const CALLS: Record<string, number> = { classify: 1, chat: 2, narrative: 2 };
/** No target answers the users of a closed model faster. */
const FASTEST_ANSWER_SECONDS = 0.005;
/** Rounding of a schedule, and what a ramp is off by. */
const MARGIN = 1.1;
/** Random arrivals may exceed their mean, but seldom by more standard deviations than these. */
const DEVIATIONS = 5;

/** By the schedule of an open model, or the fastest answers of a closed one. @param sampleBudget of a step of a search */
export function computeLoadCost(name: string, load: Load, sampleBudget: number): LoadCost {
  const extent = computeExtent(load, sampleBudget);
  const requests = Math.min(extent.requests, load.ceilings.requests ?? Number.POSITIVE_INFINITY);
  const modelCalls = Math.ceil(requests * mostCallsPerRequest(load));
  const { tokensPerCall } = load;
  const tokens = tokensPerCall === undefined ? null : modelCalls * tokensPerCall;
  return { name, ...extent, requests, modelCalls, tokens };
}

function computeExtent(
  load: Load,
  sampleBudget: number,
): Pick<LoadCost, 'requests' | 'requestsPerSecond' | 'durationSeconds'> {
  const { warmUpSeconds, durationSeconds: judgedSeconds = 0, arrivals, users = 0, search } = load;
  const durationSeconds = warmUpSeconds + judgedSeconds;
  if (search !== undefined) {
    const steps = mostExpensiveSteps(search).map(({ ratePerSecond }) => {
      const seconds = warmUpSeconds + stepDurationSeconds(search, ratePerSecond, sampleBudget);
      return { ratePerSecond, seconds, requests: ratePerSecond * seconds };
    });
    return {
      requests: withMargin(steps.reduce((sum, { requests }) => sum + requests, 0)),
      requestsPerSecond: Math.max(...steps.map(({ ratePerSecond }) => ratePerSecond)),
      durationSeconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  }
  if (arrivals !== undefined) {
    const pieces = rateProfile(arrivals, durationSeconds);
    const expected = expectedRequests(pieces);
    const most =
      arrivals.model === 'poisson' ? Math.ceil(expected + DEVIATIONS * Math.sqrt(expected)) : 0;
    const requests = Math.max(withMargin(expected), most);
    return { requests, requestsPerSecond: highestRate(pieces), durationSeconds };
  }
  const pauses = load.scenarios.map(({ thinkSeconds }) => thinkSeconds?.min ?? 0);
  const requestsPerSecond = users / (FASTEST_ANSWER_SECONDS + Math.min(...pauses));
  const requests = Math.ceil(requestsPerSecond * durationSeconds);
  return { requests, requestsPerSecond, durationSeconds };
}

/** 6000 × 1.1 comes out a little above 6600. */
function withMargin(requests: number): number {
  return Math.ceil(Number((requests * MARGIN).toPrecision(9)));
}

/** The average over the operations of the costliest scenario. */
function mostCallsPerRequest({ scenarios }: Load): number {
  return Math.max(
    ...scenarios.map(({ operations }) => {
      const mix = Object.entries(operations).map(([name, share = 0]) => ({ name, share }));
      const total = mix.reduce((sum, { share }) => sum + share, 0);
      return mix.reduce((sum, { name, share }) => sum + (share / total) * (CALLS[name] ?? 2), 0);
    }),
  );
}

function ceilingExceeded(
  { name }: RunContext['target'],
  {
    file = `budgets/${name}.json`,
    planned,
    allowed,
    ...rest
  }: Record<'summary' | 'path' | 'remedy', string> & {
    file?: string | undefined;
    planned: number;
    allowed: number;
  },
): HarnessError {
  return new HarnessError({
    code: 'CEILING_EXCEEDED',
    file,
    found: `${planned} planned`,
    expected: `at most ${allowed}`,
    ...rest,
  });
}
