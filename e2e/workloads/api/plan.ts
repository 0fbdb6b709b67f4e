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
import { MODEL_CALLS_PER_REQUEST, requestsPerOperation, type WorkloadCost } from '../ceilings.ts';
import { deriveSeed } from '../recordWorkload.ts';

/** What is offered to SalesTalk: how many requests of which kind, at which rate, and how the model behaves. */
export type Workload = {
  name: string;
  /** What is wrong with the model, as recorded with each request; null: nothing. */
  fault: string | null;
  /** It ends once these objectives are clear, as far as the run judges them. None: it is sent whole. */
  endsWhenClear: (objective: Objective) => boolean;
  /** Requests to judge. */
  requests: Partial<Record<SentOperation, number>>;
  /** Requests of each operation that are sent first and not judged, to warm code and connections. */
  warmUpEach: number;
  ratePerSecond: number;
  model: ModelBehaviour[];
  /** The caller goes away after this long without a whole answer. */
  patienceMs?: number;
  /** How long the model is observed after the last request has ended, to see which calls go on. */
  observeAfterMs?: number;
  /** The model refuses connections from `afterMs` after the start, for `forMs`. */
  outage?: { afterMs: number; forMs: number };
  /** Chooses the tenant of a request: `done` is the share of the plan before it, `chance` is uniform in [0, 1). Default: all tenants alike. */
  chooseTenant?: (tenants: readonly string[], done: number, chance: number) => string;
};

/** What a workload is made from: the objectives of the run, and the highest rate that the target allows, in requests per second. */
export type WorkloadLimits = { objectives: readonly Objective[]; maxPerSecond: number };

/** One request of a plan, or a no-op that measures the floor. */
export type PlannedRequest = {
  index: number;
  operation: SentOperation | 'noop';
  /** The operation whose objectives it serves: its own, or for a no-op that of the request right after it. */
  along: SentOperation;
  tenant: string;
  /** Another tenant, for operations that take two; the same one if the target has only one. */
  otherTenant: string;
  question: string;
  warmUp: boolean;
};

export type Plan = { dueMs: number; item: PlannedRequest }[];

/** Every tenth request has a no-op before it. */
const NOOP_EVERY = 10;

/**
 * All that a workload will send, and when: always the same for the same workload and tenants.
 * Operations are spread evenly, so that a bad moment of the machine hits all of them alike.
 */
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
  // Long enough for all: no gap is longer than one and a half of the mean. The last arrival is not used: it keeps the later draws what
  // they were in recorded histories.
  const arrivals = arrivalTimes({ model: 'constant', rate }, (2 * withNoops.length) / rate, draw)
    .take(withNoops.length + 1)
    .toArray();
  const chooseTenant = workload.chooseTenant ?? chooseAnyTenant;
  return withNoops.map((request, index) => {
    const tenant = chooseTenant(tenants, index / withNoops.length, draw());
    const question = QUESTIONS[Math.floor(draw() * QUESTIONS.length)] as string;
    return {
      dueMs: arrivals[index] as number,
      item: { ...request, index, tenant, otherTenant: chooseOtherTenant(tenants, tenant), question },
    };
  });
}

/** Requests that replace those that the harness spoilt, without a warm-up, numbered from `first` on. */
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

function chooseOtherTenant(tenants: readonly string[], tenant: string): string {
  return tenants[(tenants.indexOf(tenant) + 1) % tenants.length] as string;
}

/** Spreads each operation evenly, by chance within its stride. */
function interleave(requests: Workload['requests'], draw: Draw): SentOperation[] {
  return (Object.entries(requests) as [SentOperation, number][])
    .flatMap(([operation, count]) =>
      Array.from({ length: count }, (_, at) => ({ operation, place: (at + draw()) / count })),
    )
    .sort((a, b) => a.place - b.place)
    .map(({ operation }) => operation);
}

/** Requests that a planned one consists of on average, without warm-ups and no-ops. */
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

/**
 * A workload is measured once a run, by its name: of two specs that state another rate under one name, one would read what it did not state.
 * @throws HarnessError SPEC_INVALID
 */
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

/** What a workload costs at most: all that it plans, with warm-ups, no-ops and the time in which the model is observed. */
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
