import { SHORTEST_SECRET, secretPatterns } from './secretPatterns.ts';

/** Replaces a secret. */
const REMOVED = '[secret removed]';

/** Removes secrets from what a run leaves behind, and searches it for them. */
export type SecretScrubber = {
  /** A copy of a value with the secrets replaced in all its texts, keys included. */
  scrub<T>(value: T): T;
  /** A copy of any bytes, text or not, with the secrets replaced. */
  scrubBytes(bytes: Uint8Array): Uint8Array;
  holdsSecret(text: string | Uint8Array): boolean;
};

/**
 * Finds any JSON Web Token, and the given secrets, whole or cut off, as plain text and as URLs, JSON, HTML and Base64 encode them. It
 * does not find what is compressed, encrypted or drawn. A secret in Base64 is replaced by Base64 of the same length.
 * @throws RangeError for a secret of less than 12 characters, which would be found in harmless text
 */
export function secretScrubber(secrets: readonly string[]): SecretScrubber {
  const { plain, base64 } = secretPatterns(secrets);
  const clean = (text: string): string => {
    const cleaned = text.replaceAll(plain, REMOVED);
    return base64 === null
      ? cleaned
      : cleaned.replaceAll(base64, ({ length }) => 'A'.repeat(length));
  };
  const holdsSecret = (text: string): boolean =>
    text.search(plain) !== -1 || (base64 !== null && text.search(base64) !== -1);
  return {
    scrub: (value) => mapTexts(value, clean) as typeof value,
    scrubBytes: (bytes) => Buffer.from(clean(byteText(bytes)), 'latin1'),
    holdsSecret: (text) => holdsSecret(typeof text === 'string' ? text : byteText(text)),
  };
}

/** One character for each byte (Latin-1), so that any bytes survive; the patterns expect that too. */
function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]),
  );
}

/** The secrets that are long enough for a scrubber. */
export function scrubbableSecrets(secrets: Iterable<string | undefined>): string[] {
  return [...secrets]
    .filter((secret) => secret !== undefined)
    .filter(({ length }) => length >= SHORTEST_SECRET);
}

/** The parts of a configured URL that may be secret: its password, and the values of its query. */
export function secretsInUrl(url: string | null): string[] {
  if (url === null) return [];
  const { password, searchParams } = new URL(url);
  return scrubbableSecrets([decodeURIComponent(password), ...searchParams.values()]);
}

/** A URL as it may be shown: without its query and fragment. */
export function shownUrl(url: string): string {
  return url.replace(/[?#].*$/s, '?…');
}
