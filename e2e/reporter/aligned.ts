/** Makes lines of rows: every column but the last is as wide as its widest text. */
export function aligned(rows: string[][]): string[] {
  return rows.map((row) =>
    row
      .map((text, at) =>
        at === row.length - 1
          ? text
          : text.padEnd(Math.max(...rows.map((other) => (other[at] ?? '').length))),
      )
      .join('  '),
  );
}
