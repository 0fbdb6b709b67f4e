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
