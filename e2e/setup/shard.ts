import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Budget, HttpVersion } from '../core/budget/budgetSchema.ts';
import type { Objective } from '../core/budget/objective.ts';
import { readVariable } from '../core/environmentVariables.ts';
import { HarnessError, type HarnessErrorDetails } from '../core/harnessError.ts';
import type { Shard } from '../core/record/recordLine.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import type { Variables } from './readEnvironment.ts';

/** The loads of a project, in the order in which its specs run. */
const LOADS: Record<string, readonly string[]> = {
  load: ['fiveTenants', 'peak', 'sustained'],
  soak: ['soak'],
};

const EXAMPLE = 'npm run load -- --shard 2/5 --start-at 2027-01-15T12:00:00Z';

/** What the command line says of a shard. */
export type ShardOptions = Pick<Shard, 'index' | 'of' | 'startAtMs' | 'loads'>;

/**
 * Reads which part of which loads this machine offers, and when all begin; null: the run is no shard.
 * @throws HarnessError SHARD_INVALID, before anything is started
 */
export function readShard(
  variables: Variables,
  projects: readonly string[],
  { embedded, loads }: Pick<Budget, 'embedded' | 'loads'>,
  nowMs: number,
): ShardOptions | null {
  const text = readVariable(variables, 'PERF_SHARD');
  if (text === undefined) return null;
  const [project = '', ...others] = projects;
  const known = LOADS[project];
  if (known === undefined || others.length > 0) {
    throw invalid({
      summary: 'Only loads whose schedule is known in advance are split among machines.',
      file: '--shard',
      found: projects.join(', '),
      expected: Object.keys(LOADS).join(' or '),
      remedy:
        project === 'capacity'
          ? 'Run it on one machine: each next rate follows from the answers to all requests, and shards do not talk to each other.'
          : `Run one of these alone: ${EXAMPLE}`,
    });
  }
  const [, index = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > of) {
    const expected = 'a shard and their number, such as 2/5';
    throw invalid({ summary: 'There is no such shard.', file: '--shard', found: text, expected });
  }
  if (embedded !== undefined && of > 1) {
    throw invalid({
      summary:
        'Each shard would start an embedded SalesTalk of its own, and put it under its part of the load.',
      file: 'SALESTALK_TARGET',
      found: 'a target that the harness starts itself',
      expected: 'one SalesTalk for all shards',
      remedy:
        'Start it once (`npm run salestalk`), and name a target with its URL: SALESTALK_TARGET=dev.',
    });
  }
  const startAtMs = readStart(readVariable(variables, 'PERF_START_AT'), nowMs);
  const named = readVariable(variables, 'PERF_LOAD')?.split(',');
  const described = known.filter((name) => loads[name] !== undefined);
  const unknown = named?.find((name) => !described.includes(name));
  if (unknown !== undefined) {
    throw invalid({
      summary: `${project} has no load "${unknown}".`,
      file: '--load',
      found: unknown,
      expected: described.join(', '),
    });
  }
  return { index, of, startAtMs, loads: described.filter((name) => named?.includes(name) ?? true) };
}

/** Without a zone, the same text would be another moment on another machine. */
const isoTime = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const epochTime = z
  .string()
  .regex(/^\d{13}$/)
  .transform(Number);

function readStart(text: string | undefined, nowMs: number): number {
  const startAtMs = z.union([isoTime, epochTime]).safeParse(text);
  if (startAtMs.success && startAtMs.data > nowMs) return startAtMs.data;
  throw invalid({
    summary: startAtMs.success
      ? 'The moment at which all shards begin has passed.'
      : 'Shards need a moment at which all of them begin.',
    file: '--start-at',
    found: text ?? 'nothing',
    expected:
      'a time to come with its zone, the same for all shards: ISO 8601, or milliseconds since the epoch',
    remedy: `Leave every machine a few minutes to set up: ${EXAMPLE}`,
  });
}

/** The target's clock less ours, and by how much that may be wrong; null: unknown. */
type ClockOffset = { offsetMs: number; withinMs: number } | null;

/** Each halves the time in which the target's next second may begin: of 1 s, 30 ms are left. */
const PROBES = 6;

/** Compares the clocks by the `Date` of answers, which has whole seconds. Null without a `Date`, or if a cache answers. */
export async function measureClockOffset(url: string, http: HttpVersion): Promise<ClockOffset> {
  const api = new ApiClient({ url, http, tokenOf: () => '' });
  await using _ = { [Symbol.asyncDispose]: () => api.close() };
  let lowestMs = Number.NEGATIVE_INFINITY;
  let highestMs = Number.POSITIVE_INFINITY;
  for (let probe = 0; probe < PROBES; probe++) {
    // Sent when the target's second begins if its clock lies in the middle of what is possible.
    const theirNowMs = Date.now() + (lowestMs + highestMs) / 2;
    const untilThenMs = 1000 - (((theirNowMs % 1000) + 1000) % 1000);
    // The last comes a second later, when a cache still gives the same date.
    if (probe > 0) await sleep(probe === PROBES - 1 ? untilThenMs + 1000 : untilThenMs);
    const { headers, sentAtMs, endedMs } = await api.send({ method: 'GET', path: '/health' });
    const theirsMs = Date.parse(headers.date ?? '');
    if (Number.isNaN(theirsMs)) return null;
    lowestMs = Math.max(lowestMs, theirsMs - (sentAtMs + endedMs));
    highestMs = Math.min(highestMs, theirsMs + 1000 - sentAtMs);
  }
  const offset = { offsetMs: (lowestMs + highestMs) / 2, withinMs: (highestMs - lowestMs) / 2 };
  return offset.withinMs < 0 ? null : offset;
}

/** More than machines differ by that set their clocks by NTP. */
const MOST_OFFSET_MS = 5_000;

/**
 * The shard as the record describes it, and the id of the run. Both follow from the command line and the budget, so that shards agree
 * without a word between them.
 * @throws HarnessError SHARD_INVALID where the clocks differ, or the budget judges none of the loads
 */
export function describeShard(
  options: ShardOptions,
  plan: { objectives: readonly Objective[]; seedOf: (name: string) => number; identity: unknown },
  clock: ClockOffset,
): { id: string; shard: Shard } {
  const { objectives, seedOf, identity } = plan;
  const loads = options.loads.filter((name) =>
    objectives.some(({ workload }) => workload === name),
  );
  if (loads.length === 0) {
    throw invalid({
      summary: 'The budget of the target judges none of these loads.',
      found: options.loads.join(', ') || 'no load',
      expected: 'a load with objectives that this target can be judged by',
    });
  }
  if (clock !== null && Math.abs(clock.offsetMs) - clock.withinMs > MOST_OFFSET_MS) {
    const seconds = (Math.abs(clock.offsetMs) / 1000).toFixed(0);
    throw invalid({
      summary: 'This machine would begin at another moment than the other shards.',
      found: `a clock ${seconds} s ${clock.offsetMs > 0 ? 'behind' : 'ahead of'} that of the target, by the Date of its answers`,
      expected: `at most ${MOST_OFFSET_MS / 1000} s`,
      remedy: 'Set the clocks of this machine and of the target, by NTP for instance.',
    });
  }
  const { startAtMs, index, of } = options;
  const seed = seedOf(loads.join());
  const all = JSON.stringify({ of, loads, seed, startAtMs, identity });
  const hash = createHash('sha256').update(all).digest('hex').slice(0, 8);
  const start = new Date(startAtMs).toISOString().replaceAll(/[-:.]/g, '');
  const clockOffsetMs = clock === null ? null : Math.round(clock.offsetMs);
  return { id: `${start}-${hash}`, shard: { index, of, loads, seed, startAtMs, clockOffsetMs } };
}

function invalid(
  details: Omit<HarnessErrorDetails, 'code' | 'remedy'> & { remedy?: string },
): HarnessError {
  return new HarnessError({ code: 'SHARD_INVALID', remedy: `For example: ${EXAMPLE}`, ...details });
}
