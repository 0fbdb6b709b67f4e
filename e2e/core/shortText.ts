import { plainText } from './plainText.ts';

/** Foreign text made safe to show on one line, and cut with a mark where it is longer than so many characters. */
export function shortText(text: string, mostCharacters: number): string {
  const shown = plainText(text);
  return shown.length <= mostCharacters ? shown : `${shown.slice(0, mostCharacters - 1)}…`;
}
