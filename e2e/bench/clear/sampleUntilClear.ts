import { addEvent, startTally } from '../../core/statistics/eventTally.ts';
import { type ShareTestPlan, shareTest } from '../../core/statistics/shareTest.ts';
import type { VerdictName } from '../../core/statistics/verdict.ts';
import type { LoadSample } from '../../engine/loadSample.ts';
import { openModel } from '../../engine/openModel.ts';
import { TimedClient } from '../../probes/httpClient.ts';
import { evenArrivals } from '../clients/evenArrivals.ts';
import { plainSender } from '../clients/plainSender.ts';
import { inOrder } from './inOrder.ts';

/** How a run ended, after how many answers and seconds. */
export type ClearRun = { verdict: VerdictName; n: number; seconds: number };

export type UntilClear = {
  url: string;
  ratePerSecond: number;
  /** Most that are out at a time. */
  connections: number;
  /** An answer that takes as long is bad. */
  limitMs: number;
  plan: ShareTestPlan;
  mostEvents: number;
};

/**
 * Sends at a constant rate and judges after every answer, in the order of intended starts and by the test that judges a run, until that is
 * clear or the budget is used up.
 * In this process: what is told is how much it takes, not how long answers took. @throws Error for a request that fails
 */
export async function sampleUntilClear(options: UntilClear): Promise<ClearRun> {
  const { url, ratePerSecond, connections, limitMs, plan, mostEvents } = options;
  const client = new TimedClient(url, { connections });
  const judge = shareTest(plan);
  const clear = new AbortController();
  const startMs = performance.now();
  const tally = startTally(plan.allowedShare);
  let run: ClearRun | null = null;
  let failure: string | null = null;
  const count = inOrder(({ dueMs, lateMs, serviceMs }: LoadSample) => {
    if (run !== null || lateMs === null || serviceMs === null) return;
    addEvent(tally, lateMs + serviceMs >= limitMs, dueMs);
    const { verdict } = judge(tally);
    if (verdict === 'inconclusive' && tally.n < mostEvents) return;
    run = { verdict, n: tally.n, seconds: (performance.now() - startMs) / 1000 };
    clear.abort();
  });
  await openModel({
    arrivals: evenArrivals(ratePerSecond, mostEvents / ratePerSecond),
    send: plainSender(client, new URL('/', url), undefined),
    mostInFlight: connections,
    signal: clear.signal,
    onEnd(sample) {
      failure ??= sample.failure;
      count(sample);
    },
  });
  await client.close();
  if (failure !== null) throw new Error(`a request failed: ${failure}`);
  if (run === null) throw new Error('the load ended before its budget was used up');
  return run;
}
