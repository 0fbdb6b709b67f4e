/** Rows whose cells are as wide as the widest of their column, three characters at least: the first column names, all others hold figures and stand on the right. */
export function padCells(rows: readonly string[][]): string[][] {
  const [head = []] = rows;
  const widths = head.map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    widths.map((width, at) => {
      const cell = row[at] ?? '';
      return at === 0 ? cell.padEnd(width) : cell.padStart(width);
    }),
  );
}
