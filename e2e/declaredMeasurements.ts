import { globSync } from 'node:fs';
import { declared } from './fixtures.ts';
import type { Measurement } from './measurements.ts';

let loaded: Promise<Measurement[]> | null = null;

/**
 * The measurements that all specs state, known before Playwright loads the specs. Each is loaded here up to its first `test.describe`, which
 * Playwright refuses, and under a URL of its own, so that Playwright loads it again and shows the place of any other error.
 * No spec may import this file, since Playwright lets no spec import another.
 */
export function declaredMeasurements(): Promise<Measurement[]> {
  loaded ??= loadSpecs();
  return loaded;
}

async function loadSpecs(): Promise<Measurement[]> {
  const specs = globSync('{perf,experience,load}/*.spec.ts', { cwd: import.meta.dirname });
  for (const spec of specs.toSorted()) {
    await import(new URL(`${spec}?declared`, import.meta.url).href).catch(() => undefined);
  }
  return [...declared];
}
