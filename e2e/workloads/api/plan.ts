import { isDeepStrictEqual } from 'node:util';
import type { Objective } from '../../core/budget/objective.ts';
import { assertSamplingSuffices } from '../../core/budget/sampleBudget.ts';
import { HarnessError } from '../../core/harnessError.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import { type Draw, seededDraw } from '../../core/statistics/seededDraw.ts';
import { arrivalTimes } from '../../engine/arrivalTimes.ts';
import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { REQUESTS_PER_FOREIGN_SESSION } from '../../salestalk/foreignSession.ts';
import type { SentOperation } from '../../salestalk/operations.ts';
import { QUESTIONS } from '../../salestalk/questions.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { deriveSeed } from '../recordWorkload.ts';
import {
  MODEL_CALLS_PER_REQUEST,
  requestsPerOperation,
  type WorkloadCost,
} from '../workloadCost.ts';

/** What is offered to SalesTalk: how many requests of each operation, at which rate, and how the model behaves. */
export type Workload = {
  name: string;
  /** What is wrong with the model, as recorded with each request; null if nothing is. */
  fault: string | null;
  /** It ends once these objectives are clear, as far as the run judges them. Without any it is sent whole. */
  endsWhenClear: (objective: Objective) => boolean;
  requests: Partial<Record<SentOperation, number>>;
  /** Requests of each operation that are sent first and not judged, to warm code and connections. */
  warmUpEach: number;
  ratePerSecond: number;
  model: ModelBehaviour[];
  /** The caller leaves after this long without a whole answer. */
  patienceMs?: number;
  /** How long the model is observed after the last request has ended, to see which of its calls go on. */
  observeAfterMs?: number;
  /** The model refuses connections from `afterMs` after the start, for `forMs`. */
  outage?: { afterMs: number; forMs: number };
  /** Chooses the tenant of a request: `done` is the share of the plan before it, `chance` is uniform in [0, 1). Default: all alike. */
  chooseTenant?: (tenants: readonly string[], done: number, chance: number) => string;
};

export type WorkloadLimits = {
  /** All objectives of the run. */
  objectives: readonly Objective[];
  /** The highest rate that the target allows, in requests per second. */
  maxPerSecond: number;
};

/** One request of a plan, or a no-op, which shows how fast any request can be. */
export type PlannedRequest = {
  index: number;
  operation: SentOperation | 'noop';
  /** The operation whose objectives it serves: its own or, for a no-op, that of the request right after it. */
  along: SentOperation;
  tenant: string;
  /** Another tenant, for operations that take two; the same one if the target has no other. */
  otherTenant: string;
  question: string;
  warmUp: boolean;
};

export type Plan = { dueMs: number; item: PlannedRequest }[];

const NOOP_EVERY = 10;

/** Always the same for the same workload and tenants. Operations are spread evenly: a bad moment of the machine hits all of them alike. */
export function planWorkload(workload: Workload, tenants: readonly string[]): Plan {
  const draw = seededDraw(deriveSeed(workload.name));
  const operations = Object.keys(workload.requests) as SentOperation[];
  const warmUps = operations.flatMap((operation) =>
    Array<SentOperation>(workload.warmUpEach).fill(operation),
  );
  const judged = interleave(workload.requests, draw);
  const requests = [
    ...warmUps.map((operation) => ({ operation, along: operation, warmUp: true })),
    ...judged.map((operation) => ({ operation, along: operation, warmUp: false })),
  ];
  const withNoops = requests.flatMap((request, at) =>
    at % NOOP_EVERY === 0 ? [{ ...request, operation: 'noop' as const }, request] : [request],
  );
  const { ratePerSecond: rate } = workload;
  // Long enough for all: no gap is longer than one and a half of the mean. One arrival more than needed, which is not used: without it the
  // later draws would not be those of recorded histories.
  const arrivals = arrivalTimes({ model: 'constant', rate }, (2 * withNoops.length) / rate, draw)
    .take(withNoops.length + 1)
    .toArray();
  const chooseTenant = workload.chooseTenant ?? chooseAnyTenant;
  return withNoops.map((request, index) => {
    const tenant = chooseTenant(tenants, index / withNoops.length, draw());
    const otherTenant = tenants[(tenants.indexOf(tenant) + 1) % tenants.length] as string;
    const question = QUESTIONS[Math.floor(draw() * QUESTIONS.length)] as string;
    return {
      dueMs: arrivals[index] as number,
      item: { ...request, index, tenant, otherTenant, question },
    };
  });
}

/** Plans requests that replace those that were set aside, without a warm-up, numbered from `first` on. */
export function planReplacements(
  workload: Workload,
  tenants: readonly string[],
  { counts, first }: { counts: Workload['requests']; first: number },
): Plan {
  const plan = planWorkload({ ...workload, requests: counts, warmUpEach: 0 }, tenants);
  return plan.map(({ dueMs, item }) => ({ dueMs, item: { ...item, index: first + item.index } }));
}

const chooseAnyTenant: NonNullable<Workload['chooseTenant']> = (tenants, _, chance) =>
  tenants[Math.floor(chance * tenants.length)] as string;

/** Spreads each operation evenly: one in each stride, at a random place of it. */
function interleave(requests: Workload['requests'], draw: Draw): SentOperation[] {
  return (Object.entries(requests) as [SentOperation, number][])
    .flatMap(([operation, count]) =>
      Array.from({ length: count }, (_, at) => ({ operation, place: (at + draw()) / count })),
    )
    .sort((a, b) => a.place - b.place)
    .map(({ operation }) => operation);
}

/** How many requests a planned one consists of on average, without warm-ups and no-ops. */
export function requestsPerPlanned(requests: Workload['requests']): number {
  const counts = Object.values(requests);
  const planned = counts.reduce((sum, count) => sum + count, 0);
  if (planned === 0) return 1;
  const further = (requests.foreignSession ?? 0) * (REQUESTS_PER_FOREIGN_SESSION - 1);
  return (planned + further) / planned;
}

/** @throws HarnessError BUDGET_INVALID or CEILING_EXCEEDED if an objective of these workloads can never be established */
export function refuseImpossibleObjectives(
  workloads: readonly Workload[],
  header: RunLine,
  ceilings: RunContext['target']['ceilings'],
): void {
  for (const { requests, ratePerSecond, endsWhenClear } of workloads) {
    const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
    for (const objective of header.objectives.filter(endsWhenClear)) {
      const mine = (requests as Record<string, number>)[objective.operation] ?? total;
      assertSamplingSuffices(objective, header.statistics.falsePass, {
        eventsPerSecond: (ratePerSecond * mine) / total,
        ceilings,
        file: `budgets/${header.target}.json`,
      });
    }
  }
}

/** A workload is measured once a run, so no two specs may state different ones under one name. @throws HarnessError SPEC_INVALID */
export function refuseContradictoryWorkloads(workloads: readonly Workload[]): void {
  const known = new Map<string, Workload>();
  for (const workload of workloads) {
    const { name } = workload;
    const before = known.get(name) ?? workload;
    known.set(name, before);
    const differing = (['requests', 'warmUpEach', 'ratePerSecond', 'model'] as const).filter(
      (key) => !isDeepStrictEqual(before[key], workload[key]),
    );
    if (differing.length === 0) continue;
    throw new HarnessError({
      code: 'SPEC_INVALID',
      summary: `Two specs state different workloads under the name ${name}.`,
      path: `workload ${JSON.stringify(name)} → ${differing.join(', ')}`,
      found: differing
        .map((key) => `${JSON.stringify(before[key])} and ${JSON.stringify(workload[key])}`)
        .join('; '),
      expected: 'one workload for each name',
      remedy: 'Give one of them a name of its own, or state it once, in a file that both import.',
    });
  }
}

/** What a workload costs at most, with warm-ups, no-ops and the time in which the model is observed. */
export function computeWorkloadCost(workload: Workload, tenants: readonly string[]): WorkloadCost {
  const { name, ratePerSecond, requests: planned, patienceMs = 0, observeAfterMs = 0 } = workload;
  const plan = planWorkload(workload, tenants);
  const requests = plan.reduce((sum, { item }) => sum + requestsPerOperation(item.operation), 0);
  const noops = plan.filter(({ item }) => item.operation === 'noop').length;
  const last = plan.at(-1);
  return {
    name,
    requests,
    requestsPerSecond: ratePerSecond * requestsPerPlanned(planned),
    durationSeconds: last === undefined ? 0 : (last.dueMs + patienceMs + observeAfterMs) / 1000,
    modelCalls: (requests - noops) * MODEL_CALLS_PER_REQUEST,
  };
}
