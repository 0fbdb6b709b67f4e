import { setTimeout } from 'node:timers/promises';

const PATIENCE_MS = 5_000;

/** Resolves once something is so; rejects when it does not come about, so that a test ends by failing. */
export async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`It did not come about: ${isSo}`);
    await setTimeout(5);
  }
}
