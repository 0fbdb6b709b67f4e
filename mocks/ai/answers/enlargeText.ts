import { Buffer } from 'node:buffer';

const DEFAULT_SIZE_BYTES = 1024 * 1024;
const FILLER = 'and so on ';

/**
 * An answer of so many bytes that begins as the text does: a JSON object gets a long `notes`, so that it stays one,
 * other text goes on and on. A text that is longer already stays as it is.
 */
export function enlargeText(text: string, sizeBytes = DEFAULT_SIZE_BYTES): string {
  const [start, end] = text.startsWith('{')
    ? [`${text.slice(0, -1)}, "notes": "`, '"}']
    : [text, ''];
  const fillerBytes = sizeBytes - Buffer.byteLength(start) - Buffer.byteLength(end);
  if (fillerBytes <= 0) return text;
  return `${start}${FILLER.repeat(Math.ceil(fillerBytes / FILLER.length)).slice(0, fillerBytes)}${end}`;
}
