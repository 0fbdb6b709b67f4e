const WORDS_A_PIECE = 3;
const WORDS = new RegExp(`(?:\\s*\\S+\\s*){1,${WORDS_A_PIECE}}`, 'g');
const LONG_CHARACTERS = 10_000;
const PIECES_OF_LONG_TEXT = 200;

/**
 * Cuts a text into groups of words, as a model streams it. Joined they are the text; there is at least one.
 * A long text comes in few large pieces: many small ones would keep the process busy, and other answers late.
 */
export function splitIntoPieces(text: string): [string, ...string[]] {
  const pieces = text.length > LONG_CHARACTERS ? equalPieces(text) : text.match(WORDS);
  const [first = text, ...rest] = pieces ?? [];
  return [first, ...rest];
}

function equalPieces(text: string): string[] {
  const length = Math.ceil(text.length / PIECES_OF_LONG_TEXT);
  return Array.from({ length: Math.ceil(text.length / length) }, (_, position) =>
    text.slice(position * length, (position + 1) * length),
  );
}
