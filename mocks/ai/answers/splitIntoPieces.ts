const WORDS_A_PIECE = 3;
const WORDS = new RegExp(`(?:\\s*\\S+\\s*){1,${WORDS_A_PIECE}}`, 'g');

/** Cuts a text into groups of words, as a model streams it. Joined they are the text; there is at least one. */
export function splitIntoPieces(text: string): [string, ...string[]] {
  const [first = text, ...rest] = text.match(WORDS) ?? [];
  return [first, ...rest];
}
