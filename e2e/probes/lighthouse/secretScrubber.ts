/** What stands where a secret was. */
const REMOVED = '[secret removed]';
/** RFC 7519: header and payload are JSON objects in base64url and so begin with `eyJ`; the signature may be empty or cut off. */
const TOKEN = /eyJ[\w-]{5,}\.eyJ[\w-]*(\.[\w-]*)?/;
/** Lighthouse cuts long texts off: so much of a secret's beginning gives it away. */
const TELLING_LENGTH = 12;

/** Takes secrets out of what is kept, and says whether any are left. */
export type SecretScrubber = {
  /** The same value with the secrets in all its texts, keys included, replaced. */
  scrub<T>(value: T): T;
  holdsSecret(text: string): boolean;
};

/**
 * Knows the given secrets, as they are and as a URL writes them, cut off or whole, and any JSON Web Token.
 * @throws RangeError for a secret of less than 12 characters: it would be found in harmless text
 */
export function secretScrubber(secrets: readonly string[]): SecretScrubber {
  const patterns = [TOKEN.source, ...secrets.flatMap(patternsOf)];
  const pattern = new RegExp(patterns.join('|'), 'g');
  const clean = (text: string): string => text.replaceAll(pattern, REMOVED);
  return {
    scrub: (value) => mapTexts(value, clean) as typeof value,
    holdsSecret: (text) => text.search(pattern) !== -1,
  };
}

function patternsOf(secret: string): string[] {
  if (secret.length < TELLING_LENGTH) {
    throw new RangeError(`A secret has at least ${TELLING_LENGTH} characters.`);
  }
  return [...new Set([secret, encodeURIComponent(secret)])].flatMap((written) => [
    RegExp.escape(written),
    `${RegExp.escape(written.slice(0, TELLING_LENGTH))}[^\\s"'<>&]*`,
  ]);
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]),
  );
}
