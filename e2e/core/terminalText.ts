/** What a target answered is shown up to this many bytes of UTF-8. */
const MOST_BYTES = 2048;

/**
 * Makes foreign text safe to show on one line: control, format and bidirectional characters, which could move a terminal's cursor,
 * colour it, reorder text or begin a line, become spaces; a CI's workflow command (`::` at the beginning of a line, `##[` anywhere) is
 * broken up; what is too long is cut with a mark.
 * It escapes nothing for Markdown or HTML.
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

/** Foreign text made safe to show on one line, and cut with a mark where it is longer than so many characters. */
export function shortText(text: string, mostCharacters: number): string {
  const shown = plainText(text);
  return shown.length <= mostCharacters ? shown : `${shown.slice(0, mostCharacters - 1)}…`;
}

/** Characters of a line before it runs out of sight in Playwright's report. */
export const LINE = 104;

/**
 * Breaks the first line of a text before words, never before what could be a workflow command (`::`, `##`), and sets all of it off under
 * its beginning. Lines that follow stay whole: a command is to be copied as it stands.
 * @param indent columns before the text
 */
export function wrapText(text: string, indent: number): string {
  const [first = '', ...rest] = text.split('\n');
  const lines = [''];
  for (const word of first.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (indent + line.length + word.length < LINE || /^[:#]/.test(word))
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return [...lines, ...rest].join(`\n${' '.repeat(indent)}`);
}

/** A word of a command to be copied into a shell, in single quotes where it holds anything but what every shell takes literally. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
