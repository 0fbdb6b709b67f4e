import { readVariable } from '../core/environmentVariables.ts';

/** What a runtime and a shell need. */
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

/** The variables that a process of ours is started with: nothing that could hold a credential or turn on a debugger. */
export function inheritedEnvironment(...more: string[]): Record<string, string> {
  return Object.fromEntries(
    [...NAMES, ...more].flatMap((name) => {
      const value = readVariable(process.env, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
