import type { DataReference, PromptClassification } from '../prompt/promptData.ts';

const MAX_METRICS = 3;

/** Two to four sentences that state the figures given and no other. */
export function writeNarrative(
  references: readonly DataReference[],
  classification: PromptClassification | null,
): string {
  const metrics = [...Map.groupBy(references, (reference) => reference.metric).values()];
  const sentences = metrics.slice(0, MAX_METRICS).map(compareFigures);
  if (sentences.length === 0) return reportNoFigures(classification);
  return [...sentences, nameSource(references)].join(' ');
}

function compareFigures(figures: readonly DataReference[]): string {
  // Periods of one form, such as 2025-Q3 or Q3, sort as text; figures without one come first.
  const ordered = figures.toSorted((a, b) => (a.period ?? '').localeCompare(b.period ?? ''));
  const [first] = ordered;
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) return '';
  const metric = nameMetric(last.metric);
  const stated = `${metric.slice(0, 1).toUpperCase()}${metric.slice(1)}${formatPeriod(last.period)} was ${formatFigure(last)}`;
  if (ordered.length === 1) return `${stated}.`;
  const direction = Math.sign(last.value - first.value);
  const change = direction > 0 ? 'up from' : direction < 0 ? 'down from' : 'unchanged from';
  const sentence = `${stated}, ${change} ${formatFigure(first)}${formatPeriod(first.period)}`;
  if (ordered.length === 2) return `${sentence}.`;
  const byValue = ordered.toSorted((a, b) => a.value - b.value);
  return `${sentence}, between ${formatFigure(byValue[0] ?? first)} and ${formatFigure(byValue.at(-1) ?? last)}.`;
}

function nameSource(references: readonly DataReference[]): string {
  const [table, ...others] = new Set(references.map((reference) => reference.table));
  return others.length === 0 && typeof table === 'string'
    ? `Source: ${table}.`
    : 'No other figures were given.';
}

function reportNoFigures(classification: PromptClassification | null): string {
  const subject = classification?.subject ?? null;
  const about = subject === null ? 'this question' : nameMetric(subject);
  return `There are no figures on ${about}${formatPeriod(classification?.period ?? null)}. Without them there is nothing to report.`;
}

function formatPeriod(period: string | null): string {
  return period === null ? '' : ` in ${period.replace(/^(\d{4})-(Q[1-4])$/, '$2 $1')}`;
}

const ONE_DECIMAL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const GROUPED = new Intl.NumberFormat('en-US');
const SYMBOLS: Record<string, string> = { $: 'USD', '€': 'EUR' };
// Making a formatter costs a hundred times as much as using one.
const moneyFormats = new Map<string, Intl.NumberFormat>();

/** A figure as people read it: 2500000 USD → $2.5M, 0.35 ratio → 35 %, 1234 count → 1,234; any other unit is written out. */
export function formatFigure({ value, unit }: Pick<DataReference, 'value' | 'unit'>): string {
  if (unit === 'ratio') return `${ONE_DECIMAL.format(value * 100)} %`;
  if (unit === 'percent') return `${ONE_DECIMAL.format(value)} %`;
  if (unit === null || unit === 'count') return GROUPED.format(value);
  const currency = SYMBOLS[unit] ?? unit;
  if (/^[A-Z]{3}$/.test(currency)) return formatMoney(value, currency);
  return `${GROUPED.format(value)} ${unit}`;
}

function formatMoney(value: number, currency: string): string {
  const format =
    moneyFormats.get(currency) ??
    new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency,
      notation: 'compact',
      minimumFractionDigits: 0,
      maximumFractionDigits: 2,
    });
  moneyFormats.set(currency, format);
  return format.format(value);
}

/** A metric, measure or subject in words: `gm_pct` → gross margin, `win_rate` → win rate, `productLines` → product lines. */
function nameMetric(metric: string): string {
  if (/^(?:mrr|arr|ltv|nps|cac|arpu|aov)$/.test(metric)) return metric.toUpperCase();
  return metric
    .replace(/^gm(?=_|$)/, 'gross margin')
    .replace(/^op_/, 'operating ')
    .replace(/_pct$/, '')
    .replaceAll('_', ' ')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
