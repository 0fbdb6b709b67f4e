import { setTimeout } from 'node:timers/promises';

const PATIENCE_MS = 5_000;

/** Resolves once the condition holds; rejects after five seconds, so that the test fails. */
export async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`The condition did not come true: ${isSo}`);
    await setTimeout(5);
  }
}
