import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Gives a function that collects all garbage of this process, while everything else waits. */
export function collectGarbage(): () => void {
  // V8 gives it to contexts that are made while the flag is set, so that the process need not be started with it.
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collect;
}
