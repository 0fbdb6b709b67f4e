/** A table in Markdown, of cells that hold no markup of their own; nothing without rows. */
export function markdownTable(head: string[], rows: string[][]): string {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
