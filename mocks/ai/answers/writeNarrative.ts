import type { DataReference, PromptClassification } from '../prompt/promptData.ts';

const MOST_METRICS = 3;

/** A narrative of two to four sentences that states the figures it is given and no other. */
export function writeNarrative(
  references: readonly DataReference[],
  classification: PromptClassification | null,
): string {
  const metrics = [...Map.groupBy(references, (reference) => reference.metric).values()];
  const sentences = metrics.slice(0, MOST_METRICS).map(metricSentence);
  if (sentences.length === 0) return withoutFigures(classification);
  return [...sentences, sourceSentence(references)].join(' ');
}

function metricSentence(figures: readonly DataReference[]): string {
  const ordered = [...figures].sort(byPeriod);
  const [first] = ordered;
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) return '';
  const stated = `${capitalised(metricName(last.metric))}${inPeriod(last)} was ${figure(last)}`;
  if (ordered.length === 1) return `${stated}.`;
  const direction = Math.sign(last.value - first.value);
  const change = direction > 0 ? 'up from' : direction < 0 ? 'down from' : 'unchanged from';
  const sentence = `${stated}, ${change} ${figure(first)}${inPeriod(first)}`;
  if (ordered.length === 2) return `${sentence}.`;
  const byValue = [...ordered].sort((a, b) => a.value - b.value);
  return `${sentence}, between ${figure(byValue[0] ?? first)} and ${figure(byValue.at(-1) ?? last)}.`;
}

function sourceSentence(references: readonly DataReference[]): string {
  const tables = new Set(references.map((reference) => reference.table));
  const [table] = tables;
  return tables.size === 1 && typeof table === 'string'
    ? `Source: ${table}.`
    : 'No other figures were given.';
}

function withoutFigures(classification: PromptClassification | null): string {
  const subject = classification?.subject ?? null;
  const about = subject === null ? 'this question' : metricName(subject);
  const period = classification?.period ?? null;
  const when = period === null ? '' : ` in ${periodName(period)}`;
  return `There are no figures on ${about}${when}. Without them there is nothing to report.`;
}

/** Periods of one form, such as 2025-Q3 or Q3, sort as text; figures without one come first. */
function byPeriod(a: DataReference, b: DataReference): number {
  const [before, after] = [a.period ?? '', b.period ?? ''];
  return before < after ? -1 : before > after ? 1 : 0;
}

function figure(reference: DataReference): string {
  return formatFigure(reference.value, reference.unit);
}

function inPeriod(reference: DataReference): string {
  return reference.period === null ? '' : ` in ${periodName(reference.period)}`;
}

function periodName(period: string): string {
  return period.replace(/^(\d{4})-(Q[1-4])$/, '$2 $1');
}

function capitalised(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

type Format = (value: number, unit: string) => string;

const oneDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const grouped = new Intl.NumberFormat('en-US');
// To make a formatter costs a hundred times what it costs to use one.
const moneyFormats = new Map<string, Intl.NumberFormat>();

const percent: Format = (value) => `${oneDecimal.format(value)} %`;
const count: Format = (value) => grouped.format(value);
const money: Format = (value, currency) => {
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
};

/** How values of a unit are written; the first whose unit matches. */
const FORMATS: readonly { unit: RegExp; format: Format }[] = [
  { unit: /^(?:ratio|fraction|share)$/i, format: (value, unit) => percent(value * 100, unit) },
  { unit: /^(?:percent|percentage|pct|%)$/i, format: percent },
  { unit: /^(?:count|number|#)?$/i, format: count },
  { unit: /^(?:\$|US\$|dollars?)$/i, format: (value) => money(value, 'USD') },
  { unit: /^(?:€|euros?)$/i, format: (value) => money(value, 'EUR') },
  { unit: /^[A-Z]{3}$/, format: money },
];

/** A figure as people read it: 2500000 USD → $2.5M, 0.35 ratio → 35 %, 1234 count → 1,234; a unit unknown here is written out. */
export function formatFigure(value: number, unit: string | null): string {
  const known = FORMATS.find((format) => format.unit.test(unit ?? ''));
  return known === undefined ? `${count(value, '')} ${unit}` : known.format(value, unit ?? '');
}

const NAMES: Record<string, string> = {
  mrr: 'MRR',
  arr: 'ARR',
  ltv: 'LTV',
  nps: 'NPS',
  cac: 'CAC',
  arpu: 'ARPU',
  aov: 'average order value',
  gm: 'gross margin',
  gm_pct: 'gross margin',
  margin_pct: 'margin',
  op_margin_pct: 'operating margin',
  productLines: 'product lines',
  timePeriods: 'time periods',
};

/** A metric, measure or subject in words: `gm_pct` → gross margin, `win_rate` → win rate. */
function metricName(metric: string): string {
  return NAMES[metric] ?? metric.replaceAll('_', ' ');
}
