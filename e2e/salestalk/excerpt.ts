import { parseJson } from '../core/readJson.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import { CANARY, LEAK_PATTERNS } from './answerChecks.ts';
import { readLastLine } from './contract.ts';

const SHOWN_CHARACTERS = 200;
/** The rest is not read. */
const READ_CHARACTERS = 65_536;
const MAX_KEYS = 8;
const MAX_KEY_LENGTH = 24;
/** Start of a secret, to recognise it. */
const SHOWN_OF_SECRET = 8;

/**
 * Describes an answer to explain an objection: `status 502, keys error, msg: {"error":"…`. It shows the first 200 characters of the body,
 * or of a stream's last line, escaped and without secrets.
 */
export function describeExcerpt(
  { status, headers, body }: Pick<TimedExchange, 'status' | 'headers' | 'body'>,
  { token, streamed }: { token: string; streamed: boolean },
): string {
  const isStream = streamed && status === 200;
  const text = isStream ? readLastLine(body) : body;
  const parts = [
    `status ${status}`,
    ...(isStream ? ['last line of the stream'] : []),
    describeForm(text, headers['content-type'], token),
  ];
  return `${parts.join(', ')}${text === '' ? '' : `: ${makeExcerpt(text, token)}`}`;
}

/** The first characters of an untrusted text, with control characters escaped and secrets masked. */
export function makeExcerpt(text: string, token = '', maxLength = SHOWN_CHARACTERS): string {
  const shown = maskSecrets(text.slice(0, READ_CHARACTERS), token);
  const cut = shown.length > maxLength ? `${shown.slice(0, maxLength)}…` : shown;
  return cut.replaceAll(/\p{C}|[\u2028\u2029]/gu, escapeCharacter);
}

function describeForm(text: string, contentType: string | undefined, token: string): string {
  if (text === '') return 'no body';
  const parsed = parseJson(text);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    const keys = Object.keys(parsed);
    const shown = keys
      .slice(0, MAX_KEYS)
      .map((key) => makeExcerpt(key, token).slice(0, MAX_KEY_LENGTH));
    const more = keys.length > MAX_KEYS ? ` and ${keys.length - MAX_KEYS} more` : '';
    return keys.length === 0 ? 'no keys' : `keys ${shown.join(', ')}${more}`;
  }
  if (parsed !== undefined) return 'JSON, but no object';
  return `no JSON${contentType === undefined ? '' : ` (${makeExcerpt(contentType, token).slice(0, 60)})`}`;
}

/** Keeps only the start of a secret: an excerpt that shows a leak must not leak itself. */
function maskSecrets(text: string, token: string): string {
  return PATTERNS.reduce(
    (rest, pattern) => rest.replaceAll(pattern, (found) => `${found.slice(0, SHOWN_OF_SECRET)}…`),
    redactToken(text, token, READ_CHARACTERS),
  );
}

/** Each matches to the end of the word. */
const PATTERNS = [
  ...LEAK_PATTERNS.filter(({ isMasked }) => isMasked).map(
    ({ pattern }) => new RegExp(`(?:${pattern.source})[^\\s"'\\\\<>,]*`, `${pattern.flags}g`),
  ),
  new RegExp(CANARY, 'g'),
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  // As long as a key; a UUID has 36 characters.
  /[\w+/=-]{40,}/g,
];

function escapeCharacter(character: string): string {
  const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return named ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** Longer than any word that is part of a token by chance. */
const MIN_PART_LENGTH = 16;

/** Removes the caller's token and its parts from a text for the record, and shortens it. */
export function redactToken(text: string, token: string, maxLength = SHOWN_CHARACTERS): string {
  const parts = token.split('.').filter((part) => part.length >= MIN_PART_LENGTH);
  const secrets = [token, ...parts].filter((secret) => secret !== '');
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[token]'), text);
  return clean.slice(0, maxLength);
}
