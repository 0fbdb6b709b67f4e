import { type MetricName, metricOf } from '../core/budget/metrics.ts';
import { LINE, wrapText } from '../core/wrapText.ts';
import type { Finding } from './worstMeasurements.ts';

/** Columns before what was seen: the time stands there. */
const INDENT = 28;

/** The measurements that say most, each when it was sent, what was seen, and whose it was; what does not fit a line stands below it. */
export function findingLines(metric: MetricName, findings: Finding[]): string[] {
  if (findings.length === 0) return [];
  const { kind, wantsMore } = metricOf(metric);
  const isFirstBad = kind === 'share' || kind === 'never';
  const width = Math.max(...findings.map(({ seen }) => seen.length));
  const pad = (seen: string) => (kind === 'quantile' ? seen.padStart(width) : seen.padEnd(width));
  const longest = Math.max(...findings.map(({ whose }) => INDENT + width + 2 + whose.length));
  const lines = findings.map(({ seen, at, whose }) =>
    longest <= LINE
      ? `  ${at}  ${pad(seen)}  ${whose}`
      : `  ${at}  ${wrapText(seen, INDENT)}\n${' '.repeat(INDENT)}${wrapText(whose, INDENT)}`,
  );
  const title = isFirstBad ? 'First bad' : wantsMore === true ? 'Smallest' : 'Worst';
  return ['', `${title} measurements:`, ...lines];
}
