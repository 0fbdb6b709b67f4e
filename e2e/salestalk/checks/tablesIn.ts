/** The tables of tenants that a text names, wherever it does: `tenant-<id>-metrics`. */
export function tablesIn(text: string): string[] {
  const found = text.matchAll(/\btenant-[a-z0-9-]{1,64}?-metrics\b/g);
  return [...new Set([...found].map(([table]) => table))];
}
