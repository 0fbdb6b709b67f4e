/**
 * A JSON Web Token (RFC 7519): header and payload are JSON objects in base64url, so they begin with `eyJ`; the signature may be
 * missing or cut off. The header has a longest length, or a text of many `eyJ` would take hours to search.
 */
const TOKEN = 'eyJ[\\w-]{5,400}\\.eyJ[\\w-]*(?:\\.[\\w-]*)?';
/** Shorter secrets occur in harmless text. A secret that was cut off is found by this many characters of its beginning. */
export const SHORTEST_SECRET = 12;
/** The rest of a secret that was cut off. A backslash ends it, since it escapes what follows. */
const UP_TO_END = '[^\\s"\'<>&\\\\]*';

/** Patterns of secrets. Those in Base64 are separate, since they are replaced by something else. */
type SecretPatterns = { plain: RegExp; base64: RegExp | null };

/** @throws RangeError for a secret of less than 12 characters: it would be found in harmless text */
export function secretPatterns(secrets: readonly string[]): SecretPatterns {
  if (secrets.some(({ length }) => length < SHORTEST_SECRET)) {
    throw new RangeError(`A secret has at least ${SHORTEST_SECRET} characters.`);
  }
  const plain = secrets.flatMap((secret) => [
    anyEncoding(secret),
    `${anyEncoding(secretStart(secret))}${UP_TO_END}`,
  ]);
  const base64 = secrets.flatMap((secret) => [
    ...base64Forms(secret).map(eitherAlphabet),
    ...base64Forms(secretStart(secret)).map((start) => `${eitherAlphabet(start)}[\\w+/-]*`),
  ]);
  return {
    plain: new RegExp([TOKEN, ...plain].join('|'), 'g'),
    base64: base64.length === 0 ? null : new RegExp(base64.join('|'), 'g'),
  };
}

/** Whole characters, since half of a surrogate pair is encoded in another way. */
function secretStart(secret: string): string {
  return [...secret].slice(0, SHORTEST_SECRET).join('');
}

/** Matches Base64 in the alphabet of URLs, or in the usual one, whose characters may be encoded once more. */
function eitherAlphabet(base64: string): string {
  return base64.replaceAll(
    /[+/]/g,
    (character) => `(?:${anyEncoding(character)}|${character === '+' ? '-' : '_'})`,
  );
}

/** Characters that neither URLs, JSON nor HTML encode. */
const UNCHANGED = /[A-Za-z0-9_.-]/;
const NAMED_ENTITIES: Record<string, string> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": '(?:apos|#39)',
  '\u00a0': 'nbsp',
};
const SHORT_ESCAPES: Record<string, string> = {
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
};

/** Of JSON nested up to six levels. Limited, or a text of many backslashes would take hours to search. */
const BACKSLASHES = '\\\\{1,64}';

/**
 * Source of a regular expression for a text, plain or as URLs (encoded once or twice), forms, JSON (nested up to six levels), scripts
 * and HTML encode it. Each character has its own alternatives, since encoders differ in what they escape. It also finds UTF-8 that
 * was read as Latin-1.
 */
function anyEncoding(text: string): string {
  return [...text].map(characterEncodings).join('');
}

function characterEncodings(character: string): string {
  if (UNCHANGED.test(character)) return RegExp.escape(character);
  const utf8 = Buffer.from(character, 'utf8');
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  const code = (character.codePointAt(0) ?? Number.NaN).toString(16);
  const entity = NAMED_ENTITIES[character];
  const short = SHORT_ESCAPES[character];
  const writings = [
    character === '\\' ? BACKSLASHES : `(?:${BACKSLASHES})?${RegExp.escape(character)}`,
    units.map((unit) => `${BACKSLASHES}u${hex(unit.toString(16).padStart(4, '0'))}`).join(''),
    [...utf8].map((byte) => `%(?:25)*${hex(byte.toString(16).padStart(2, '0'))}`).join(''),
    `&#(?:[xX]0*${hex(code)}|0*${Number.parseInt(code, 16)});`,
    ...(character === ' ' ? ['\\+'] : []),
    ...(entity === undefined ? [] : [`&${entity};`]),
    ...(short === undefined ? [] : [`${BACKSLASHES}${short}`]),
    ...(utf8.length === 1 ? [] : [RegExp.escape(utf8.toString('latin1'))]),
  ];
  return `(?:${writings.join('|')})`;
}

/** Hexadecimal digits in upper or lower case. */
function hex(digits: string): string {
  return digits.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** Bits in a character of Base64. */
const BITS = 6;

/**
 * A text as part of a longer one in Base64, such as user and password of basic authentication. It has three forms, since it may begin
 * at any of the three bytes of a group. Characters that also depend on its neighbours are left out.
 */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text, 'utf8')]);
    const from = Math.ceil((before * 8) / BITS);
    const to = Math.floor((bytes.length * 8) / BITS);
    return bytes.toString('base64').slice(from, to);
  });
}
