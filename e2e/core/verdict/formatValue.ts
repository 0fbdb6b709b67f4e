/** A value with its unit as reports show it: `498.7 ms`, `99.91 %`, `2 calls`, `2.1 ×`. */
export function formatValue(value: number, unit: string): string {
  return `${formatNumber(value, unit)} ${unit === 'share' ? '%' : unit}`;
}

/** The number alone: milliseconds to a tenth, shares as percent, bytes by thousands, others as far as they are worth it, counts as they are. */
export function formatNumber(value: number, unit: string): string {
  if (unit === 'ms') return value.toFixed(1);
  if (unit === 'share') return formatPercent(value * 100);
  if (unit === 'B') return formatThousands(value);
  const decimals = DECIMALS[unit];
  return String(Number(decimals === undefined ? value.toPrecision(6) : value.toFixed(decimals)));
}

/** Of what is estimated from some dozens of waits; a percentage here is a measured one, and no share of events. */
const DECIMALS: Record<string, number> = {
  '×': 2,
  '%': 1,
  shift: 3,
  points: 1,
  'B/use': 0,
  'nodes/use': 2,
  'listeners/use': 2,
  'documents/use': 2,
  'ms/1,000 requests': 2,
  'requests/s': 1,
};

/** 1532873 → "1,532,873": bytes are compared by their digits. */
function formatThousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Keeps two digits of the distance to 0 % or 100 %, whichever is nearer: 99.9 % and 99.99 % must not look the same. */
function formatPercent(percent: number): string {
  const exact = Math.min(Math.abs(percent), Math.abs(100 - percent));
  // 100 − 99.9 comes out a little under 0.1.
  const distance = Number(exact.toPrecision(9));
  if (distance === 0) return String(percent);
  const decimals = 1 - Math.floor(Math.log10(distance));
  return percent.toFixed(Math.min(6, Math.max(1, decimals)));
}
