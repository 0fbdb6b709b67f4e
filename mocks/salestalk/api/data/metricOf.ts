/** Measures that are stored under another name. */
const stored: ReadonlyMap<string, string> = new Map([
  ['gm', 'gross_profit'],
  ['gm_pct', 'margin'],
  ['margin_pct', 'margin'],
]);

/** The metric whose figures answer a question for `measure`. */
export function metricOf(measure: string): string {
  return stored.get(measure) ?? measure;
}
