/** Cells as text; the first column names, all others tell. */
export type Table = { head: string[]; rows: string[][] };

/** A Markdown table, aligned for the terminal. Whatever a tool said in a cell stays in it. */
export function markdownTable({ head, rows }: Table): string {
  const lines = [head, ...rows].map((cells) => head.map((_, at) => cellText(cells[at] ?? '')));
  const widths = head.map((_, at) =>
    Math.max(3, ...lines.map((cells) => (cells[at] ?? '').length)),
  );
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => '-'.repeat(width - 1) + (at === 0 ? '-' : ':'));
  const [headCells = [], ...body] = lines;
  return `${[headCells, rule, ...body].map(line).join('\n')}\n`;
}

function cellText(cell: string): string {
  return cell.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
