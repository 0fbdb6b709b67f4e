const LEFT_OF_MATCHERS = ['e2e/core', 'e2e/engine', 'e2e/probes', 'e2e/salestalk', 'e2e/history'];
const ENGINE = ['e2e/setup', 'e2e/workloads', 'e2e/diagnosis', 'e2e/matchers', 'e2e/report'];
const LEFT_OF_SPECS = [...LEFT_OF_MATCHERS, ...ENGINE, 'e2e'];

/**
 * What each folder may import beside itself: folders, or single files.
 * The chain is core ← load, probes, salestalk, history ← matchers ← fixtures ← specs.
 * mocks and e2e share nothing: they speak HTTP, and e2e starts mocks by their path.
 */
export const MAY_IMPORT: Record<string, string[]> = {
  'e2e/core': [],
  'e2e/engine': ['e2e/core'],
  'e2e/calibration': ['e2e/core', 'e2e/history', 'e2e/engine'],
  'e2e/probes': ['e2e/core'],
  // A driver sends through a probe, so that what is timed is the same for every product.
  'e2e/salestalk': ['e2e/core', 'e2e/probes'],
  'e2e/history': ['e2e/core'],
  'e2e/matchers': [...LEFT_OF_MATCHERS, 'e2e/report'],
  'e2e/testing': LEFT_OF_SPECS,
  'e2e/setup': [...LEFT_OF_MATCHERS, ...ENGINE],
  'e2e/workloads': [...LEFT_OF_MATCHERS, ...ENGINE],
  'e2e/diagnosis': [...LEFT_OF_MATCHERS, ...ENGINE],
  // What it shows of a run, and what must not be in it.
  'e2e/report': ['e2e/core', 'e2e/history', 'e2e/setup/secretsOfRun.ts'],
  // All else that a command does, it does by starting a process.
  'e2e/commands': [
    'e2e/core',
    'e2e/calibration',
    'e2e/probes/findBrowser.ts',
    'e2e/salestalk/operations.ts',
  ],
  'e2e/perf': LEFT_OF_SPECS,
  'e2e/experience': LEFT_OF_SPECS,
  'e2e/load': LEFT_OF_SPECS,
  'e2e/smoke': LEFT_OF_SPECS,
  'e2e/selfcheck': LEFT_OF_SPECS,
  'e2e/costs': LEFT_OF_SPECS,
  // It also times the way from a record to its summary.
  'e2e/bench': LEFT_OF_SPECS,
  'mocks/ai': ['mocks'],
  'mocks/salestalk': ['mocks'],
  mocks: [],
};

const E2E = Object.keys(MAY_IMPORT).filter((layer) => layer.startsWith('e2e/'));
// A test of the whole, and the configuration at the top of the repository.
MAY_IMPORT.e2e = E2E;
MAY_IMPORT[''] = E2E;

/** Folders whose code, tests aside, reads no clock, no chance, no machine, and may use these packages alone. */
export const PURE_PACKAGES: Record<string, string[]> = {
  'e2e/core': ['zod', 'pure-rand'],
  'e2e/history/versions': ['pure-rand'],
  'e2e/history/trend': ['pure-rand'],
};

/** Folders that know nothing of the product under test: another one is measured with another driver and budget. */
export const PRODUCT_FREE = ['e2e/core', 'e2e/engine', 'e2e/probes', 'e2e/history', 'e2e/report'];

/** The folder of `MAY_IMPORT` that a path belongs to, '' for the top of the repository; null where it belongs to none. */
export function layerOf(path: string): string | null {
  const folders = path.split('/').slice(0, -1);
  const layer = folders.slice(0, 2).join('/');
  return layer in MAY_IMPORT ? layer : null;
}
