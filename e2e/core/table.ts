import { plainText } from './terminalText.ts';

/** A table as text. Its first column holds names, the others hold figures. */
export type Table = { head: string[]; rows: string[][] };

type Alignment = {
  /** Is this column aligned on the right? Default: none is. */
  right?: (column: number) => boolean;
  /** Between two columns. */
  gap?: string;
};

/** Aligns rows as lines of text. Each column is as wide as its widest cell; columns without text are left out. */
export function alignRows(
  rows: readonly (readonly string[])[],
  { right = () => false, gap = '  ' }: Alignment = {},
): string[] {
  const widths = columnWidths(rows);
  return rows.map((row) =>
    widths
      .flatMap((width, at) => (width === 0 ? [] : [pad(row[at] ?? '', width, right(at))]))
      .join(gap)
      .trimEnd(),
  );
}

export const FIGURES_ON_THE_RIGHT: Alignment = { right: (column) => column > 0 };

/** A Markdown table that is aligned for the terminal too. Cells may hold any text. */
export function alignedTable({ head, rows }: Table): string {
  const cells = [head, ...rows].map((row) => head.map((_, at) => cellText(row[at] ?? '')));
  // A delimiter row of Markdown needs three characters in each column.
  const widths = columnWidths(cells).map((width) => Math.max(3, width));
  const [names = [], ...body] = cells.map((row) =>
    row.map((cell, at) => pad(cell, widths[at] ?? 0, at > 0)),
  );
  const rule = widths.map((width, at) => '-'.repeat(width - 1) + (at === 0 ? '-' : ':'));
  return [names, rule, ...body].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

const GRAPHEMES = new Intl.Segmenter('en');
/** Emoji, and East Asian characters of two columns (Unicode Standard Annex 11, classes W and F). */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;

/** Columns that a text without control characters takes in a terminal. */
export function textWidth(text: string): number {
  // The common case: ASCII characters are one column wide.
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, at) =>
    Math.max(0, ...rows.map((row) => textWidth(row[at] ?? ''))),
  );
}

function pad(text: string, width: number, onTheRight: boolean): string {
  const spaces = ' '.repeat(Math.max(0, width - textWidth(text)));
  return onTheRight ? spaces + text : text + spaces;
}

function cellText(cell: string): string {
  return plainText(cell).replaceAll('|', '\\|');
}
