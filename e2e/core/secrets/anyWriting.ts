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
export function anyWriting(text: string): string {
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
