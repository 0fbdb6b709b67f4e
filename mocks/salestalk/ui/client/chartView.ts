import { element } from './elements.ts';
import { formatFigure, formatPeriod, formatTerm } from './format.ts';
import type { DataReference } from './readAnswer.ts';

const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

type Figure = DataReference & { value: number };

/**
 * Fills the chart: a table with a bar for each figure that has the unit of the first. A single figure is shown large; without
 * figures the chart stays hidden.
 */
export function showChart(chart: HTMLElement, references: readonly DataReference[]): void {
  const [first, ...others] = references.filter(
    (reference): reference is Figure => reference.value !== null,
  );
  chart.hidden = first === undefined;
  if (first === undefined) return;

  const { unit, metric, period } = first;
  const figures = [first, ...others.filter((figure) => figure.unit === unit)];
  const hasOneMetric = figures.every((figure) => figure.metric === metric);
  const isSingle = figures.length === 1;
  const values = figures.map((figure) => figure.value);
  const scale = chooseScale(values, unit);
  const columns = element('tr', '', createHeading('Period'), createHeading('Figure'));
  const head = element('thead', 'visually-hidden', columns);
  const rows = figures.map((figure) => createRow(figure, scale, !hasOneMetric));
  const when = isSingle && period !== null ? `, ${formatPeriod(period)}` : '';
  const title = hasOneMetric ? `${formatTerm(metric)}${when}` : 'Figures';
  const ends = [scale.min, scale.max].map((end) =>
    element('span', '', formatFigure(end, unit, 'compact')),
  );
  // A screen reader has the figures themselves.
  const axis = element('p', 'axis', ...ends);
  axis.ariaHidden = 'true';

  chart.classList.toggle('single', isSingle);
  chart.replaceChildren(
    element('figcaption', '', title),
    element('table', '', head, element('tbody', '', ...rows)),
    axis,
  );
}

function createRow(figure: Figure, scale: BarScale, nameMetric: boolean): HTMLTableRowElement {
  const period = figure.period === null ? 'All time' : formatPeriod(figure.period);
  const label = element('th', '', nameMetric ? `${formatTerm(figure.metric)}, ${period}` : period);
  label.scope = 'row';
  const { start, length } = placeBar(figure.value, scale);
  const bar = element('span', 'bar');
  bar.style.setProperty('--start', String(start));
  bar.style.setProperty('--length', String(length));
  const value = element('span', 'value', formatFigure(figure.value, figure.unit));
  return element(
    'tr',
    '',
    label,
    element('td', '', element('div', 'reading', element('span', 'track', bar), value)),
  );
}

function createHeading(text: string): HTMLTableCellElement {
  const cell = element('th', '', text);
  cell.scope = 'col';
  return cell;
}

/** The ends of a scale. Zero lies between them, so that the length of a bar is in proportion to its figure. */
type BarScale = { min: number; max: number };

/** A scale with round ends beyond the figures. A single ratio from 0 to 1 gets 0 to 1: its bar shows a share of the whole. */
export function chooseScale(values: readonly number[], unit: string | null): BarScale {
  const min = Math.min(0, ...values);
  const max = Math.max(0, ...values);
  if (unit === 'ratio' && values.length === 1 && min === 0 && max <= 1) return { min: 0, max: 1 };
  return {
    min: min === 0 ? 0 : -roundAbove(-min),
    max: max === 0 && min < 0 ? 0 : roundAbove(max),
  };
}

/** Where a bar begins and how long it is, as shares of the scale in [0, 1]. */
export function placeBar(value: number, scale: BarScale): { start: number; length: number } {
  const span = scale.max - scale.min;
  return { start: (Math.min(value, 0) - scale.min) / span, length: Math.abs(value) / span };
}

/** The next round number above a positive one, so that no bar seems cut off; 1 for zero. */
function roundAbove(value: number): number {
  if (value === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((candidate) => candidate * power > value);
  return step === undefined ? 10 * power : step * power;
}
