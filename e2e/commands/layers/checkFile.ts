import { basename } from 'node:path/posix';
import { layerOf } from './layerRules.ts';
import { isTestCode, type SourceFile } from './sourceFile.ts';

const LONGEST_LINES = 250;
/** `common` alone says nothing, while `commonRandomNumbers` is a term. */
const EMPTY_NAME = /^common$|(^|[-_a-z])(utils?|helpers?|managers?)$/i;

type Complaint = { line: number; message: string };

/** What can be said of a file without reading its code: its place, its name, its length. */
export function checkFile({ path, text }: SourceFile): Complaint[] {
  const messages = [placeOf(path), nameOf(path), lengthOf(text)];
  return messages.filter((message) => message !== null).map((message) => ({ line: 1, message }));
}

/** The number of lines, as an editor counts them. */
export function lineCountOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function placeOf(path: string): string | null {
  const layer = layerOf(path);
  if (layer === null) return 'is in a folder that has no place in the layers';
  const isLoose = layer === 'e2e' && !isTestCode(path);
  return isLoose ? 'is in no layer: only tests of the whole lie here' : null;
}

function nameOf(path: string): string | null {
  const folders = path.split('/').slice(0, -1);
  const name = basename(path).split('.')[0] ?? '';
  const empty = [...folders, name].find((word) => EMPTY_NAME.test(word));
  return empty === undefined ? null : `is named "${empty}", which says nothing of what it does`;
}

function lengthOf(text: string): string | null {
  const lines = lineCountOf(text);
  return lines <= LONGEST_LINES ? null : `has ${lines} lines; ${LONGEST_LINES} are allowed`;
}
