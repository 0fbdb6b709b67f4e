const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A period as people write it: `2025-Q3` → `Q3 2025`, `2025-09` → `Sep 2025`; any other is left as it is. */
export function formatPeriod(period: string): string {
  const [, year, part] = /^(\d{4})-(Q[1-4]|0[1-9]|1[0-2])$/.exec(period) ?? [];
  if (year === undefined || part === undefined) return period;
  const name = part.startsWith('Q') ? part : months[Number(part) - 1];
  return `${name} ${year}`;
}
