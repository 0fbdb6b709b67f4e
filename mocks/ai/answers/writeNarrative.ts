import type { DataReference, PromptClassification } from '../prompt/promptData.ts';

const MAX_METRICS = 3;

/** A narrative of two to four sentences that states the figures it is given and no other. */
export function writeNarrative(
  references: readonly DataReference[],
  classification: PromptClassification | null,
): string {
  const metrics = [...Map.groupBy(references, (reference) => reference.metric).values()];
  const sentences = metrics.slice(0, MAX_METRICS).map(metricSentence);
  if (sentences.length === 0) return withoutFigures(classification);
  return [...sentences, sourceSentence(references)].join(' ');
}

function metricSentence(figures: readonly DataReference[]): string {
  // Periods of one form, such as 2025-Q3 or Q3, sort as text; figures without one come first.
  const ordered = figures.toSorted((a, b) => (a.period ?? '').localeCompare(b.period ?? ''));
  const [first] = ordered;
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) return '';
  const metric = metricName(last.metric);
  const stated = `${metric.slice(0, 1).toUpperCase()}${metric.slice(1)}${inPeriod(last.period)} was ${figure(last)}`;
  if (ordered.length === 1) return `${stated}.`;
  const direction = Math.sign(last.value - first.value);
  const change = direction > 0 ? 'up from' : direction < 0 ? 'down from' : 'unchanged from';
  const sentence = `${stated}, ${change} ${figure(first)}${inPeriod(first.period)}`;
  if (ordered.length === 2) return `${sentence}.`;
  const byValue = ordered.toSorted((a, b) => a.value - b.value);
  return `${sentence}, between ${figure(byValue[0] ?? first)} and ${figure(byValue.at(-1) ?? last)}.`;
}

function sourceSentence(references: readonly DataReference[]): string {
  const [table, ...others] = new Set(references.map((reference) => reference.table));
  return others.length === 0 && typeof table === 'string'
    ? `Source: ${table}.`
    : 'No other figures were given.';
}

function withoutFigures(classification: PromptClassification | null): string {
  const subject = classification?.subject ?? null;
  const about = subject === null ? 'this question' : metricName(subject);
  return `There are no figures on ${about}${inPeriod(classification?.period ?? null)}. Without them there is nothing to report.`;
}

function inPeriod(period: string | null): string {
  return period === null ? '' : ` in ${period.replace(/^(\d{4})-(Q[1-4])$/, '$2 $1')}`;
}

function figure(reference: DataReference): string {
  return formatFigure(reference.value, reference.unit);
}

const ONE_DECIMAL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const GROUPED = new Intl.NumberFormat('en-US');
const SYMBOLS: Record<string, string> = { $: 'USD', '€': 'EUR' };
// Making a formatter costs a hundred times as much as using one.
const moneyFormats = new Map<string, Intl.NumberFormat>();

/** A figure as people read it: 2500000 USD → $2.5M, 0.35 ratio → 35 %, 1234 count → 1,234; any other unit is written out. */
export function formatFigure(value: number, unit: string | null): string {
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
function metricName(metric: string): string {
  if (/^(?:mrr|arr|ltv|nps|cac|arpu|aov)$/.test(metric)) return metric.toUpperCase();
  return metric
    .replace(/^gm(?=_|$)/, 'gross margin')
    .replace(/^op_/, 'operating ')
    .replace(/_pct$/, '')
    .replaceAll('_', ' ')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
