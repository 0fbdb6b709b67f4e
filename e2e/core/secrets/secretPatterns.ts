import { anyWriting } from './anyWriting.ts';
import { insideBase64 } from './insideBase64.ts';

/**
 * RFC 7519: header and payload are JSON objects in base64url and so begin with `eyJ`; the signature may be empty or cut off. Without a bound
 * for the header, a text of nothing but `eyJ` would be searched for hours.
 */
const TOKEN = 'eyJ[\\w-]{5,400}\\.eyJ[\\w-]*(?:\\.[\\w-]*)?';
/** Long texts are cut off where they are shown: so much of a secret's beginning gives it away. */
const TELLING_LENGTH = 12;
/** What ends a secret that was cut off. A backslash is left to what it escapes. */
const UP_TO_END = '[^\\s"\'<>&\\\\]*';

/** What finds secrets in a text: whole or cut off, as they are or encoded; Base64 apart, since what is put in their place differs. */
export type SecretPatterns = { plain: RegExp; base64: RegExp | null };

/** @throws RangeError for a secret of less than 12 characters: it would be found in harmless text */
export function secretPatterns(secrets: readonly string[]): SecretPatterns {
  if (secrets.some(({ length }) => length < TELLING_LENGTH)) {
    throw new RangeError(`A secret has at least ${TELLING_LENGTH} characters.`);
  }
  const plain = secrets.flatMap((secret) => [
    anyWriting(secret),
    `${anyWriting(startOf(secret))}${UP_TO_END}`,
  ]);
  const base64 = secrets.flatMap((secret) => [
    ...insideBase64(secret).map(inBothAlphabets),
    ...insideBase64(startOf(secret)).map((start) => `${inBothAlphabets(start)}[\\w+/-]*`),
  ]);
  return {
    plain: new RegExp([TOKEN, ...plain].join('|'), 'g'),
    base64: base64.length === 0 ? null : new RegExp(base64.join('|'), 'g'),
  };
}

/** In whole characters: half of one is written otherwise. */
function startOf(secret: string): string {
  return [...secret].slice(0, TELLING_LENGTH).join('');
}

/** The alphabet of URLs needs no encoding; what is in the other one may be encoded once more. */
function inBothAlphabets(base64: string): string {
  return base64
    .split(/([+/])/)
    .map((part) => {
      if (part === '+') return `(?:${anyWriting('+')}|-)`;
      if (part === '/') return `(?:${anyWriting('/')}|_)`;
      return part;
    })
    .join('');
}
