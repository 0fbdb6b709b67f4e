import { readFileSync } from 'node:fs';

/** What the kernel tells of times is in ticks of this length wherever Linux runs on a common machine (USER_HZ). */
const TICKS_A_SECOND = 100;

/**
 * CPU seconds, user and system, of all threads of all processes that this one started and that have ended (proc(5), `cutime` and `cstime`).
 * The difference around one that was waited for is its own, start-up included, whatever language it is written in.
 * Null where there is no /proc.
 */
export function endedChildrenCpuSeconds(): number | null {
  try {
    return parseChildrenCpuSeconds(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return null;
  }
}

/** Fields 16 and 17 of `/proc/<pid>/stat`. */
export function parseChildrenCpuSeconds(stat: string): number | null {
  // The name of the program stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[13]), Number(fields[14])];
  const ticks = user + system;
  return Number.isInteger(ticks) ? ticks / TICKS_A_SECOND : null;
}
