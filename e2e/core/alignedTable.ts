import { padCells } from './padCells.ts';

/** Cells as text; the first column names, all others tell. */
export type Table = { head: string[]; rows: string[][] };

/** A Markdown table, aligned for the terminal. Whatever a tool said in a cell stays in it. */
export function alignedTable({ head, rows }: Table): string {
  const [names = [], ...body] = padCells([head, ...rows].map((row) => row.map(cellText)));
  const rule = names.map((name, at) => '-'.repeat(name.length - 1) + (at === 0 ? '-' : ':'));
  return [names, rule, ...body].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function cellText(cell: string): string {
  return cell.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
