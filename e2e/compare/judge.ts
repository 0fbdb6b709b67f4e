import { median } from '../core/statistics/quantile.ts';
import type { Interval } from '../core/statistics/verdict.ts';
import { formatCount, formatValue } from '../core/verdict/format.ts';
import {
  compareVersions,
  DEFAULT_COMPARISON,
  type VersionComparison,
  type VersionVerdict,
  versionVerdicts,
} from '../history/compareVersions.ts';
import { type BlockPair, logRatios, type TailShift } from '../history/versionEvidence.ts';
import type { Metric, Pair } from './metrics.ts';

/** The difference that matters: `5 %`. */
const MARGIN = `${Math.round((DEFAULT_COMPARISON.smallestRatio - 1) * 100)} %`;

/** A metric with its pairs, before it is judged. */
export type Compared = { metric: Metric; pairs: readonly Pair[] };

export type JudgedMetric = Pick<Metric, 'id' | 'words' | 'unit'> &
  Pick<VersionComparison, 'ratio' | 'interval' | 'tail'> & {
    /** Medians over the blocks. */
    baseline: number;
    candidate: number;
    verdict: Exclude<VersionVerdict, 'open'> | 'inconclusive';
    /** What the verdict says, tail included: `slower`, `no difference beyond 5 %`. */
    says: string;
    pairs: number;
    /** Medians of the blocks of each pair: baseline, candidate. */
    blocks: [number, number][];
  };

const blockPairs = ({ metric, pairs }: Compared): BlockPair[] =>
  pairs.map(({ baseline, candidate }) => ({
    baseline: metric.read(baseline),
    candidate: metric.read(candidate),
  }));

/**
 * Whether more pairs of these metrics can change nothing. A tail is tested once, at the end, so only a metric that is worse anyway needs no
 * more pairs for it.
 */
export function isAllClear(compared: readonly Compared[], of: readonly Metric[]): boolean {
  if (compared.some(({ pairs }) => pairs.length === 0)) return false;
  const verdicts = versionVerdicts(
    compared.map((one) => ({
      ratios: logRatios(one.metric.id, blockPairs(one)),
      hasTail: one.metric.hasTail,
      tail: null,
    })),
    DEFAULT_COMPARISON,
  );
  return compared.every(({ metric }, at) => {
    const verdict = verdicts[at]?.verdict;
    return !of.includes(metric) || (metric.hasTail ? verdict === 'worse' : verdict !== 'open');
  });
}

/**
 * Judges all metrics together, the worst first.
 * @param isLastLook false: measuring ended because of what it had shown, which a test of tails does not allow
 * @throws RangeError for a metric without pairs
 */
export function judgeMetrics(
  compared: readonly Compared[],
  { isLastLook }: { isLastLook: boolean },
): JudgedMetric[] {
  const pairs = compared.map(blockPairs);
  const metrics = compared.map(({ metric: { id, hasTail } }, at) => {
    return { id, hasTail, pairs: pairs[at] ?? [] };
  });
  const comparisons = compareVersions(metrics, DEFAULT_COMPARISON, { isLastLook });
  const judged = comparisons.flatMap(({ n, verdict, ...comparison }, at): JudgedMetric[] => {
    const metric = compared[at]?.metric;
    if (metric === undefined) return [];
    const blocks = (pairs[at] ?? []).map((pair): [number, number] => [
      median(pair.baseline),
      median(pair.candidate),
    ]);
    const { id, words, unit } = metric;
    return [
      {
        ...{ id, words, unit },
        baseline: median(blocks.map(([baseline]) => baseline)),
        candidate: median(blocks.map(([, candidate]) => candidate)),
        ...comparison,
        verdict: verdict === 'open' ? 'inconclusive' : verdict,
        says: describeVerdict(metric, verdict, comparison.tail),
        pairs: n,
        blocks,
      },
    ];
  });
  return judged.sort((a, b) => rankOf(a) - rankOf(b) || b.ratio - a.ratio);
}

function describeVerdict(
  { more, less, unit }: Metric,
  verdict: VersionVerdict,
  tail: VersionComparison['tail'],
): string {
  const says = {
    ...{ worse: more, better: less },
    ...{
      same: `no difference beyond ${MARGIN}`,
      open: 'inconclusive',
    },
  }[verdict];
  if (tail === null || tail.verdict === 'open' || tail.verdict === verdict) return says;
  const above = [tail.baselineAbove, tail.candidateAbove].map(formatCount);
  return `${says}; slowest 1 % ${tail.verdict === 'worse' ? more : less}: P99 ${describeTail(tail, unit)}, above ${formatValue(tail.limit, unit)} ${above.join(' → ')}`;
}

/** A metric is worse if its median or its tail is. */
export function isWorse({ verdict, tail }: JudgedMetric): boolean {
  return verdict === 'worse' || tail?.verdict === 'worse';
}

function rankOf(one: JudgedMetric): number {
  if (one.verdict === 'worse') return 0;
  if (isWorse(one)) return 1;
  return ['inconclusive', 'same', 'better'].indexOf(one.verdict) + 2;
}

/** One sentence that answers whether the change made it worse. */
export function summarize(metrics: readonly JudgedMetric[]): string {
  const group = (wanted: (one: JudgedMetric) => boolean) => metrics.filter(wanted);
  const worse = group(isWorse);
  const rest = group((one) => !isWorse(one));
  const same = rest.filter(({ verdict }) => verdict === 'same');
  const better = rest.filter(({ verdict }) => verdict === 'better');
  const open = rest.filter(({ verdict }) => verdict === 'inconclusive');
  const named = (some: readonly JudgedMetric[]) => some.map(({ words }) => words).join(', ');
  const answer =
    worse.length > 0
      ? `It got worse: ${worse.map(describeChange).join(', ')}`
      : open.length === metrics.length
        ? 'It is not known whether it got worse: too few pairs, or too much noise'
        : 'It did not get worse';
  const parts = [
    ...(better.length > 0 ? [`better: ${better.map(describeChange).join(', ')}`] : []),
    ...(same.length > 0
      ? [`no difference beyond ${MARGIN} in ${same.length} of ${metrics.length} metrics`]
      : []),
    ...(open.length > 0 ? [`inconclusive: ${named(open)}`] : []),
  ];
  return `${[answer, ...parts].join('; ')}.`;
}

function describeChange({ words, unit, verdict, tail, ratio, interval }: JudgedMetric): string {
  if (verdict === 'worse' || verdict === 'better' || tail === null) {
    return `${words} ${formatChange(ratio)} (${formatRange(interval)})`;
  }
  return `${words} in its slowest 1 % (P99 ${describeTail(tail, unit)})`;
}

function describeTail({ baseline, candidate }: TailShift, unit: string): string {
  return `${formatValue(baseline, unit)} → ${formatValue(candidate, unit)}`;
}

/** `+10.2 %`. */
export function formatChange(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const shown = Math.abs(percent).toFixed(Math.abs(percent) < 99.95 ? 1 : 0);
  return `${percent < 0 && Number(shown) !== 0 ? '−' : '+'}${shown} %`;
}

/** `+8.0 % to +12.4 %`; an end that too few pairs leave open is `open`. */
export function formatRange(interval: Interval): string {
  return interval.map((end) => (end === null ? 'open' : formatChange(end))).join(' to ');
}

/** 0 if nothing got worse; 1 also if nothing is known. */
export function exitStatus(metrics: readonly JudgedMetric[]): number {
  const isKnown = metrics.some((one) => one.verdict !== 'inconclusive');
  return isKnown && !metrics.some(isWorse) ? 0 : 1;
}
