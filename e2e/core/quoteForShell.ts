/** A word of a command to be copied into a shell, in single quotes where it holds anything but what every shell takes literally. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
