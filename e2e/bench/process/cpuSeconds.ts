import { readFileSync } from 'node:fs';

/** What the kernel tells of times is in ticks of this length wherever Linux runs on a common machine (USER_HZ). */
const TICKS_A_SECOND = 100;

/** Fields of `/proc/<pid>/stat` (proc(5)), counted from the third: user and system time of a process, and of its children that ended. */
const OWN = { user: 11, system: 12 };
const OF_CHILDREN = { user: 13, system: 14 };

/** CPU seconds, user and system, of all threads of a process so far. Null where there is no /proc, or no such process. */
export function cpuSecondsOf(pid: number): number | null {
  return read(`/proc/${pid}/stat`, OWN);
}

/**
 * The same of all processes that this one started and that have ended. The difference around one that was waited for is its own, start-up
 * included, whatever language it is written in.
 */
export function cpuSecondsOfEndedChildren(): number | null {
  return read('/proc/self/stat', OF_CHILDREN);
}

function read(file: string, fields: typeof OWN): number | null {
  try {
    return parseCpuSeconds(readFileSync(file, 'utf8'), fields);
  } catch {
    return null;
  }
}

export function parseCpuSeconds(stat: string, { user, system }: typeof OWN): number | null {
  // The name of the program stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[user]) + Number(fields[system]);
  return Number.isInteger(ticks) ? ticks / TICKS_A_SECOND : null;
}
