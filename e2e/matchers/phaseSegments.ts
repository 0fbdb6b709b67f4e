import type { WaterfallSegment } from '../report/charts/waterfallChart.ts';

/** In the order in which they take place. */
const PHASES = [
  ['queueMs', 'queued'],
  ['dnsMs', 'DNS'],
  ['connectMs', 'connect'],
  ['tlsMs', 'TLS'],
  ['sendMs', 'sent'],
  ['waitMs', 'waiting'],
  ['downloadMs', 'download'],
] as const;

/** The phases of a request of a page as segments, one after the other from when it began; those that did not take place are left out. */
export function phaseSegments(
  phases: Record<(typeof PHASES)[number][0], number | null>,
  fromMs: number,
): WaterfallSegment[] {
  let atMs = fromMs;
  return PHASES.flatMap(([key, name]) => {
    const lastsMs = phases[key];
    if (lastsMs === null) return [];
    const segment = { name, fromMs: atMs, toMs: atMs + lastsMs };
    atMs = segment.toMs;
    return [segment];
  });
}
