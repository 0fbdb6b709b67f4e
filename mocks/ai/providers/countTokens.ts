const CHARACTERS_A_TOKEN = 4;

/** About how many tokens a text is, by the rule of thumb of four characters each; the usage that providers report must only be plausible. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_A_TOKEN);
}
