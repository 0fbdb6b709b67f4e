const locale = 'en-US';

/**
 * A figure with its unit, as exact as the service stated it, e.g. `$2,500,000`, `35%`, `1,204`. `compact` shortens it for
 * the ends of a scale, e.g. `$2.5M`.
 */
export function formatFigure(
  value: number,
  unit: string | null,
  form: 'exact' | 'compact' = 'exact',
): string {
  const notation = form === 'compact' ? { notation: 'compact' as const } : {};
  if (unit !== null && /^[A-Z]{3}$/.test(unit)) {
    const decimals = form === 'exact' && !Number.isInteger(value) ? 2 : 0;
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: unit,
      minimumFractionDigits: decimals,
      maximumFractionDigits: Math.max(decimals, form === 'compact' ? 1 : 0),
      ...notation,
    }).format(value);
  }
  if (unit === 'ratio') {
    return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(
      value,
    );
  }
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, ...notation }).format(
    value,
  );
  if (unit === null || unit === 'count' || unit === 'score') return number;
  return unit === 'percent' ? `${number}%` : `${number} ${unit}`;
}
