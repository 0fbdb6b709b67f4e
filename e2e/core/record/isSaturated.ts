/** One thread can use one core; beyond this part of it, work waits. */
const SATURATED_CPU_SHARE = 0.9;

/** Had a process of one thread no CPU to spare? What is not known is not held against it. */
export function isSaturated(cpuShare: number | null): boolean {
  return cpuShare !== null && cpuShare >= SATURATED_CPU_SHARE;
}
