/** Cells as text; the first column names, all others hold figures. */
export type Table = { head: string[]; rows: string[][] };

export type Alignment = {
  /** Columns whose text stands on the right, by their place; left out: none. */
  right?: (column: number) => boolean;
  /** Between two columns. */
  gap?: string;
};

/**
 * Makes a line of each row, with columns as wide as their widest text. A column that is empty in every row takes no room, and no line ends
 * with spaces, so a last column on the left may be as long as it likes.
 */
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

/** For a table whose first column names and whose others hold figures. */
export const FIGURES_ON_THE_RIGHT: Alignment = { right: (column) => column > 0 };

/** A Markdown table, aligned for the terminal. Whatever a tool said in a cell stays in it. */
export function alignedTable({ head, rows }: Table): string {
  const cells = [head, ...rows].map((row) => head.map((_, at) => cellText(row[at] ?? '')));
  // A rule of Markdown has three characters at least.
  const widths = columnWidths(cells).map((width) => Math.max(3, width));
  const [names = [], ...body] = cells.map((row) =>
    row.map((cell, at) => pad(cell, widths[at] ?? 0, at > 0)),
  );
  const rule = widths.map((width, at) => '-'.repeat(width - 1) + (at === 0 ? '-' : ':'));
  return [names, rule, ...body].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

const GRAPHEMES = new Intl.Segmenter('en');
/** Emoji, and the East Asian characters that fill two columns (Unicode Standard Annex 11, W and F). */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;

/** Columns of a terminal that a text without control characters takes: one for each character as a reader sees it, two for a wide one. */
export function textWidth(text: string): number {
  // All of ASCII is one column wide.
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
  return cell.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
