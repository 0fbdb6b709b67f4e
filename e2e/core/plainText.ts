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
