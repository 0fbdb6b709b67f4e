/** Foreign text is shown up to this many bytes of UTF-8. */
const MOST_BYTES = 2048;

/**
 * Makes foreign text safe to show in one line of a terminal. Control, format and bidirectional characters become spaces; workflow
 * commands of CI systems (`::` at the beginning of a line, `##[` anywhere) are broken up; long text is cut. It does not escape
 * Markdown or HTML.
 */
export function plainText(text: string): string {
  const oneLine = text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .replace(/^::/, ': :')
    .replaceAll('##[', '## [');
  const bytes = new TextEncoder().encode(oneLine);
  if (bytes.length <= MOST_BYTES) return oneLine;
  const cut = new TextDecoder().decode(bytes.subarray(0, MOST_BYTES - 3));
  return `${cut.replace(/\uFFFD{1,3}$/, '')}…`;
}

/** As `plainText`, cut to `mostCharacters`. */
export function shortText(text: string, mostCharacters: number): string {
  const shown = plainText(text);
  return shown.length <= mostCharacters ? shown : `${shown.slice(0, mostCharacters - 1)}…`;
}

/** Characters of a line that Playwright's report shows without scrolling. */
export const LINE_WIDTH = 104;

/**
 * Wraps the first line of a text, and indents all lines after it. It does not break before `::` or `##`, which could be a workflow
 * command. It leaves further lines whole, so that commands in them can be copied.
 * @param indent columns before the text
 */
export function wrapText(text: string, indent: number): string {
  const [first = '', ...rest] = text.split('\n');
  const lines = [''];
  for (const word of first.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (indent + line.length + word.length < LINE_WIDTH || /^[:#]/.test(word))
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return [...lines, ...rest].join(`\n${' '.repeat(indent)}`);
}

/** A word of a shell command, in single quotes if a shell may interpret a character of it. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
