import { readVariable } from '../core/environmentVariables.ts';

/** Needed by a runtime and a shell. */
const NAMES = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'SYSTEMROOT',
  'LANG',
  'DENO_DIR',
  'XDG_CACHE_HOME',
];

/** The variables for a process that the harness starts: none that could hold a credential or turn on a debugger. */
export function inheritedEnvironment(...more: string[]): Record<string, string> {
  return Object.fromEntries(
    [...NAMES, ...more].flatMap((name) => {
      const value = readVariable(process.env, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
