/** Longer than any word that a text of ours has in common with a token by chance. */
const SHORTEST_PART = 16;
/** Enough to say what is wrong. */
const LONGEST_TEXT = 200;

/**
 * A text that an answer may have a part in, fit for the record: without the caller's token, whole or in its parts, and no longer than
 * it takes.
 */
export function withoutToken(text: string, token: string, longest = LONGEST_TEXT): string {
  const parts = token.split('.').filter((part) => part.length >= SHORTEST_PART);
  const secrets = [token, ...parts].filter((secret) => secret !== '');
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[token]'), text);
  return clean.slice(0, longest);
}
