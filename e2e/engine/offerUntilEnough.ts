import { setTimeout as sleep } from 'node:timers/promises';

/** Seldom enough to disturb nothing, often enough to stop soon. */
const CHECK_EVERY_MS = 1_000;

/**
 * Offers requests until all are offered or a check, made every second, says that they are enough. Requests in flight are waited for, and
 * the checks go on meanwhile.
 * @param offer stops when its signal aborts, and resolves once nothing is in flight
 * @throws what `offer` or else `isEnough` threw, once both have ended
 */
export async function offerUntilEnough(
  offer: (signal: AbortSignal) => Promise<void>,
  isEnough: () => Promise<boolean>,
): Promise<void> {
  const enough = new AbortController();
  const ended = new AbortController();
  const check = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await sleep(CHECK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      if (await isEnough()) enough.abort();
    }
  };
  await allOrFirstFailure([
    offer(enough.signal).finally(() => ended.abort()),
    check().finally(() => enough.abort()),
  ]);
}

/** Waits until all have ended, then throws what the first failed one in the list threw. */
export async function allOrFirstFailure(work: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(work);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
