import { globSync } from 'node:fs';
import { declared } from './fixtures.ts';
import type { Measurement } from './measurements.ts';

let loaded: Promise<Measurement[]> | null = null;

/**
 * What the specs state that they measure, known before Playwright loads them. Each is loaded under a URL of its own up to its first
 * `test.describe`, which Playwright refuses here. An error of a spec is left to Playwright, which loads it next and shows the place.
 * No spec may import this file, since Playwright lets no spec import another.
 */
export async function declaredMeasurements(): Promise<Measurement[]> {
  loaded ??= loadSpecs();
  return await loaded;
}

async function loadSpecs(): Promise<Measurement[]> {
  const specs = globSync('{perf,experience,load}/*.spec.ts', { cwd: import.meta.dirname });
  for (const spec of specs.toSorted()) {
    await import(new URL(`${spec}?declared`, import.meta.url).href).catch(() => undefined);
  }
  return [...declared];
}
