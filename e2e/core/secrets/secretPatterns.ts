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
type SecretPatterns = { plain: RegExp; base64: RegExp | null };

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

/** What no encoding in use changes: neither URL, JSON nor HTML. */
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

/** As JSON within JSON writes them, six deep. Without a bound, a text of nothing else would be searched for hours. */
const BACKSLASHES = '\\\\{1,64}';

/**
 * The source of a regular expression that finds a text as it is and as URLs (once or twice), forms, JSON (nested up to six deep), scripts and
 * HTML write it, character by character, since each encoder has its own idea of which ones it must escape. It finds the text also in bytes
 * that were read as Latin-1.
 */
function anyWriting(text: string): string {
  return [...text].map(writingsOf).join('');
}

function writingsOf(character: string): string {
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

/** Hexadecimal digits in either case. */
function hex(digits: string): string {
  return digits.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** Bits in a character of Base64. */
const BITS = 6;

/**
 * How a text looks inside anything that holds it and was written in Base64, such as the user and password of basic authentication: three
 * ways, since it may begin at any of the three bytes of a group. The characters that its neighbours have a part in are left out. `+` and `/`
 * stand for themselves, where the alphabet of URLs has `-` and `_`.
 */
function insideBase64(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text, 'utf8')]);
    const from = Math.ceil((before * 8) / BITS);
    const to = Math.floor((bytes.length * 8) / BITS);
    return bytes.toString('base64').slice(from, to);
  });
}
