import { binomialAtLeast, binomialAtMost } from '../core/statistics/binomial.ts';
import { addEvent, startTally } from '../core/statistics/eventTally.ts';
import { expectedSampling } from '../core/statistics/sampleSize.ts';
import { firstWhole } from '../core/statistics/search.ts';
import { shareTest } from '../core/statistics/shareTest.ts';
import type { ShareTestPlan, VerdictName } from '../core/statistics/verdict.ts';
import { type LoadSample, runOpenModel } from '../engine/workloadModels.ts';
import { TimedClient } from '../probes/httpClient.ts';
import { type Benchmark, type Contender, interleave, type Turns } from './benchmark.ts';
import { withServer } from './servers/withServer.ts';
import { formatCells, formatNumber, formatPercent } from './table.ts';
import { createSender, evenArrivals } from './tools/sending.ts';

/** The error rates of a P95 objective that is the only one of its run. */
const PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: 0.01 };
const BAD_SHARES = [0, 0.01, 0.025, 0.1, 0.2];
const CLEAR_SHARE = 0.95;
const MAX_EVENTS = 5000;
const RATE_PER_SECOND = 200;
const CONNECTIONS = 400;
/** Far below and far above the limit: only the draw decides which answers are bad. */
const DELAY = { kind: 'bimodal', ms: 2, slowMs: 100 } as const;
const LIMIT_MS = 50;

/** Numbers of events for one true share of bad events: fixed in advance, and until a clear verdict on average and in 95 of 100 runs. */
type Planned = { badShare: number; fixed: number; mean: number; p95: number };

export const clear: Benchmark = async (context) => {
  const planned = BAD_SHARES.map(
    (badShare): Planned => ({
      badShare,
      fixed: fixedSize(PLAN, badShare, CLEAR_SHARE),
      mean: expectedSampling(PLAN, badShare, MAX_EVENTS).expectedN,
      p95: clearSize(PLAN, badShare, { clearShare: CLEAR_SHARE, maxEvents: MAX_EVENTS }),
    }),
  );
  const fixedForAll = Math.max(...planned.map(({ fixed }) => fixed));
  const turns = await interleave(planned.map(createContender), context);
  const short = planned.filter(({ mean }) => mean <= fixedForAll);
  return {
    title: 'clear: requests until a verdict on a P95 objective',
    tables: [
      {
        head: [
          'truly bad',
          'fixed n, truth known',
          'until clear, mean',
          'mean ÷ fixed n for all',
          '95 of 100 by',
          'really sent',
          'verdict',
          'seconds',
          'seconds of the fixed n',
        ],
        rows: planned.map(({ badShare, fixed, mean, p95 }, at) => {
          const tool = turns[at] as Turns<ClearRun>;
          const [sent = '', seconds = ''] = formatCells(
            tool,
            [({ n }) => n, (run) => run.seconds],
            [0, 1],
          );
          return [
            formatPercent(badShare),
            formatNumber(fixed, 0),
            formatNumber(mean, 0),
            formatNumber(mean / fixedForAll, 2),
            formatNumber(p95, 0),
            sent,
            countVerdicts(tool),
            seconds,
            formatNumber(fixedForAll / RATE_PER_SECOND, 1),
          ];
        }),
      },
    ],
    goals: [
      {
        goal: 'on average no more requests than the fixed n that is enough for every truth',
        isReached: short.length === planned.length,
        found: `${short.length} of ${planned.length} truths`,
      },
    ],
    notes: [
      `5 % may be bad; false pass 5 %, false fail 1 %. Fixed n: the fewest with which an exact binomial test is clear in ${CLEAR_SHARE * 100} of 100 runs, for a known truth; without that one has to take the largest, ${formatNumber(fixedForAll, 0)}. Mean and "95 of 100 by" are of 400 simulated runs of independent events, with a test after each.`,
      `Really sent: to a server in which that share of answers is slow by chance, at ${RATE_PER_SECOND}/s, another draw each run, judged by the test that judges a run, which also looks for bursts.`,
    ],
  };
};

function createContender({ badShare }: Planned): Contender<ClearRun> {
  const delay = { ...DELAY, slowShare: badShare };
  return {
    name: `${formatPercent(badShare)} bad`,
    turn: (round) =>
      withServer('delay', { delay, seed: round + 1 }, ({ url }) => sampleUntilClear(url)),
  };
}

function countVerdicts({ results }: Turns<ClearRun>): string {
  const verdicts = results.flatMap((run) => (run === null ? [] : [run.verdict]));
  const counts = Map.groupBy(verdicts, (verdict) => verdict);
  return [...counts].map(([verdict, all]) => `${all.length} × ${verdict}`).join(', ');
}

type ClearRun = { verdict: VerdictName; n: number; seconds: number };

/** Judges after every answer, in the order of intended starts, until the test is clear. @throws Error for a request that fails */
async function sampleUntilClear(url: string): Promise<ClearRun> {
  const client = new TimedClient(url, { connections: CONNECTIONS });
  const judge = shareTest(PLAN);
  const clear = new AbortController();
  const startMs = performance.now();
  const tally = startTally(PLAN.allowedShare);
  let run: ClearRun | null = null;
  let failure: string | null = null;
  const count = orderByIndex(({ dueMs, lateMs, serviceMs }: LoadSample) => {
    if (run !== null || lateMs === null || serviceMs === null) return;
    addEvent(tally, lateMs + serviceMs >= LIMIT_MS, dueMs);
    const { verdict } = judge(tally);
    if (verdict === 'inconclusive' && tally.n < MAX_EVENTS) return;
    run = { verdict, n: tally.n, seconds: (performance.now() - startMs) / 1000 };
    clear.abort();
  });
  await runOpenModel({
    arrivals: evenArrivals(RATE_PER_SECOND, MAX_EVENTS / RATE_PER_SECOND),
    send: createSender(client, { url }),
    maxInFlight: CONNECTIONS,
    signal: clear.signal,
    onEnd(sample) {
      failure ??= sample.failure;
      count(sample);
    },
  });
  await client.close();
  if (failure !== null) throw new Error(`a request failed: ${failure}`);
  if (run === null) throw new Error('the load ended before its events were used up');
  return run;
}

/** Passes items on in the order of their indexes, from 0, and holds those that come early. */
export function orderByIndex<T extends { index: number }>(
  take: (item: T) => void,
): (item: T) => void {
  const waiting = new Map<number, T>();
  let next = 0;
  return (item) => {
    waiting.set(item.index, item);
    for (let first = waiting.get(next); first !== undefined; first = waiting.get(next)) {
      waiting.delete(next++);
      take(first);
    }
  };
}

/** Fewest events, fixed in advance, with which an exact binomial test is clear in `clearShare` of all runs. @throws RangeError for the allowed share */
export function fixedSize(plan: ShareTestPlan, badShare: number, clearShare: number): number {
  if (badShare === plan.allowedShare)
    throw new RangeError('the truth is the share that is allowed');
  const clearChance = badShare < plan.allowedShare ? passChance(plan) : failChance(plan);
  let n = 1;
  while (clearChance(n, badShare) < clearShare) n += 1;
  return n;
}

/** The chance of a pass; call it with rising n. */
function passChance({ allowedShare, passAlpha }: ShareTestPlan) {
  let most = -1;
  return (n: number, badShare: number): number => {
    while (binomialAtMost(most + 1, n, allowedShare) <= passAlpha) most += 1;
    return binomialAtMost(most, n, badShare);
  };
}

/** The chance of a fail; call it with rising n. */
function failChance({ allowedShare, failAlpha }: ShareTestPlan) {
  let fewest = 0;
  return (n: number, badShare: number): number => {
    while (binomialAtLeast(fewest, n, allowedShare) > failAlpha) fewest += 1;
    return binomialAtLeast(fewest, n, badShare);
  };
}

/** Events by which sampling until clear has ended in `clearShare` of the simulated runs; at most `maxEvents`. */
export function clearSize(
  plan: ShareTestPlan,
  badShare: number,
  { clearShare, maxEvents }: { clearShare: number; maxEvents: number },
): number {
  const isClear = (n: number) => expectedSampling(plan, badShare, n).open <= 1 - clearShare;
  return firstWhole(1, (n) => n >= maxEvents || isClear(n)) ?? maxEvents;
}
