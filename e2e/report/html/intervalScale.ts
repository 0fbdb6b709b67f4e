import type { Metric } from '../../core/budget/metric.ts';
import type { Objective } from '../../core/budget/objective.ts';
import type { Judgement } from '../../core/verdict/judgement.ts';
import { type Html, html } from './template.ts';

const WIDTH = 240;
const HEIGHT = 26;
const MARGIN = 8;
/** Shares of the objective that the scale marks. */
const TICKS = [0.25, 0.5, 2, 4];

/**
 * Estimate, interval and objective on the scale that all objectives share: how often what was measured contains what is allowed. Nothing
 * stands at the left end, exactly what is allowed in the middle, and any multiple of it to the right.
 */
export function intervalScale(objective: Objective, judgement: Judgement, label: string): Html {
  const { estimate } = judgement;
  // A maximum is open at its end, and where nothing is allowed any share is infinitely often that.
  const hasBar = !['maximum', 'zeroTolerance'].includes(objective.metric.kind);
  const middle = HEIGHT / 2;
  const [from, to] = usedInterval(objective, judgement).map(placeOf);
  const point = estimate === null ? null : placeOf(usedShare(objective, estimate));
  const bar = (start: number, end: number) =>
    html`<rect class="bar" x="${rounded(start)}" y="${middle - 4}" width="${rounded(Math.max(2, end - start))}" height="8"/>`;
  return html`<svg class="scale" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}">
<line class="axis" x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${middle}" y2="${middle}"/>
${TICKS.map((tick) => html`<line class="axis" x1="${rounded(placeOf(tick))}" x2="${rounded(placeOf(tick))}" y1="${middle - 3}" y2="${middle + 3}"/>`)}
${point !== null && from !== undefined && to !== undefined && hasBar && bar(from, to)}
<line class="objective" x1="${WIDTH / 2}" x2="${WIDTH / 2}" y1="2" y2="${HEIGHT - 2}"/>
${point !== null && html`<circle class="point" cx="${rounded(point)}" cy="${middle}" r="5"/>`}
</svg>`;
}

/** What share of the allowed was used: below 1 the objective is met. Infinite where nothing is allowed and something was bad. */
export function usedShare({ metric, objective, allowedShare }: Objective, value: number): number {
  const isShare = metric.unit === 'share' && metric.limitsBadShare !== true;
  const [used, allowed] = isShare
    ? [1 - value, allowedShare]
    : isMoreBetter(metric)
      ? [objective, value]
      : [value, objective];
  if (used <= 0) return 0;
  return allowed <= 0 ? Number.POSITIVE_INFINITY : used / allowed;
}

function isMoreBetter({ kind, unit, wantsMore, limitsBadShare }: Metric): boolean {
  return wantsMore === true || kind === 'capacity' || (unit === 'share' && limitsBadShare !== true);
}

/** The interval from its better to its worse end. An open end reaches the end of the scale. */
function usedInterval(objective: Objective, { interval }: Judgement): [number, number] {
  const [lower, upper] = interval;
  const [best, worst] = isMoreBetter(objective.metric) ? [upper, lower] : [lower, upper];
  return [
    best === null ? 0 : usedShare(objective, best),
    worst === null ? Number.POSITIVE_INFINITY : usedShare(objective, worst),
  ];
}

/** Half, twice and other multiples are at equal distances from the middle. */
function placeOf(used: number): number {
  const share = used === Number.POSITIVE_INFINITY ? 1 : used / (1 + used);
  return MARGIN + (WIDTH - 2 * MARGIN) * share;
}

function rounded(pixels: number): number {
  return Number(pixels.toFixed(1));
}
