import { createHash } from 'node:crypto';
import { type Draw, seededDraw } from '../../core/statistics/seededDraw.ts';
import { jitteredArrivals } from '../../engine/arrivalTimes.ts';
import type { SentOperation } from '../../salestalk/operations.ts';
import { QUESTIONS } from '../../salestalk/questions.ts';
import type { Workload } from './workload.ts';

/** One request of a plan, or a no-op that measures the floor. */
export type PlannedRequest = {
  index: number;
  operation: SentOperation | 'noop';
  /** The operation whose objectives it serves: its own, or for a no-op that of the request it goes right before. */
  along: SentOperation;
  tenant: string;
  /** Another one, for what takes two; the same where there is but one. */
  otherTenant: string;
  question: string;
  warmUp: boolean;
};

export type Plan = { dueMs: number; item: PlannedRequest }[];

/** One in so many requests is a no-op. */
const NOOP_EVERY = 10;

/**
 * All that a workload will send, and when: the same for the same workload and tenants, whatever came of it before.
 * Operations are spread over the whole of it, so that a bad moment of the machine hits all of them alike.
 */
export function planWorkload(workload: Workload, tenants: readonly string[]): Plan {
  const draw = seededDraw(seedOf(workload.name));
  const operations = Object.keys(workload.requests) as SentOperation[];
  const warmUps = operations.flatMap((operation) =>
    Array<SentOperation>(workload.warmUpEach).fill(operation),
  );
  const judged = interleaved(workload.requests, draw);
  const requests = [
    ...warmUps.map((operation) => ({ operation, along: operation, warmUp: true })),
    ...judged.map((operation) => ({ operation, along: operation, warmUp: false })),
  ];
  const withNoops = requests.flatMap((request, at) =>
    at % NOOP_EVERY === 0 ? [{ ...request, operation: 'noop' as const }, request] : [request],
  );
  const arrivals = jitteredArrivals(withNoops.length, workload.ratePerSecond, draw);
  const tenantOf = workload.tenantOf ?? anyOf;
  return withNoops.map((request, index) => {
    const tenant = tenantOf(tenants, index / withNoops.length, draw());
    const question = QUESTIONS[Math.floor(draw() * QUESTIONS.length)] as string;
    return {
      dueMs: arrivals[index] as number,
      item: { ...request, index, tenant, otherTenant: nextOf(tenants, tenant), question },
    };
  });
}

/** As many in place of what was set aside as a verdict allows to be set aside: a tenth of all. */
export function mostReplacements(planned: number): number {
  return Math.ceil(planned / 9);
}

/** Requests in place of those that the harness spoilt itself, without a warm-up, numbered from `first` on. */
export function planReplacements(
  workload: Workload,
  tenants: readonly string[],
  { counts, first }: { counts: Workload['requests']; first: number },
): Plan {
  const plan = planWorkload({ ...workload, requests: counts, warmUpEach: 0 }, tenants);
  return plan.map(({ dueMs, item }) => ({ dueMs, item: { ...item, index: first + item.index } }));
}

const anyOf: NonNullable<Workload['tenantOf']> = (tenants, _, chance) =>
  tenants[Math.floor(chance * tenants.length)] as string;

function nextOf(tenants: readonly string[], tenant: string): string {
  return tenants[(tenants.indexOf(tenant) + 1) % tenants.length] as string;
}

/** Eight hex digits that tell this workload of this run from all others in the AI mock's journal. */
export function scopeOf(runId: string, workload: string): string {
  return createHash('sha256').update(`${runId}/${workload}`).digest('hex').slice(0, 8);
}

/** Seed of everything random about a workload; it depends on the name alone, so that each run offers the same. */
export function seedOf(name: string): number {
  return createHash('sha256').update(name).digest().readInt32BE();
}

/** Each operation spread evenly over the whole, by chance within its stride. */
function interleaved(requests: Workload['requests'], draw: Draw): SentOperation[] {
  return (Object.entries(requests) as [SentOperation, number][])
    .flatMap(([operation, count]) =>
      Array.from({ length: count }, (_, at) => ({ operation, place: (at + draw()) / count })),
    )
    .sort((a, b) => a.place - b.place)
    .map(({ operation }) => operation);
}
