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
