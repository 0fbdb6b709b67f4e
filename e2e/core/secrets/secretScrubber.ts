import { secretPatterns } from './secretPatterns.ts';

/** What stands where a secret was. */
const REMOVED = '[secret removed]';

/** Takes secrets out of what is kept, and says whether any are left. */
export type SecretScrubber = {
  /** The same value with the secrets in all its texts, keys included, replaced. */
  scrub<T>(value: T): T;
  /** The same bytes with the secrets replaced, whatever they are: text in UTF-8, or anything else. */
  scrubBytes(bytes: Uint8Array): Uint8Array;
  holdsSecret(text: string | Uint8Array): boolean;
};

/**
 * Knows the given secrets, as they are and as URLs, JSON, HTML and Base64 write them, cut off or whole, and any JSON Web Token.
 * It cannot see what is compressed, encrypted or drawn. Where a secret stood in Base64 there is Base64 of the same length.
 * @throws RangeError for a secret of less than 12 characters: it would be found in harmless text
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

/** A character for each byte, which the patterns know as well and which gives back the same bytes. */
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
