import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EvidenceFile } from '../matchers/judgeMeasured.ts';

const TYPES: Record<string, string> = {
  '.txt': 'text/plain',
  '.svg': 'image/svg+xml',
  '.cpuprofile': 'application/json',
};

/** Writes a text for the report; the end of its name says what it is. */
export function writeEvidence(folder: string, name: string, text: string): EvidenceFile {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return { name, path: file, contentType: TYPES[path.extname(name)] ?? 'text/plain' };
}
