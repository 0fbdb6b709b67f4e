import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, unzipSync } from 'fflate';
import { type SecretScrubber, secretScrubber } from '../core/secrets/secretScrubber.ts';

/** The start of a secret is enough: the tokens of all tenants share it, so one search finds them all. */
const PREFIX_LENGTH = 12;
/** Enough for an archive in an archive in a page. */
const MAX_LAYERS = 4;
/** A zip in Base64, as in the page of Playwright's HTML report. */
const ZIP_IN_BASE64 = /UEsDB[A-Za-z0-9+/]{40,}={0,2}/g;

/**
 * Removes each file of a folder that contains a secret or any JSON Web Token: plain, encoded, in UTF-16, or in a zip or gzip archive, even
 * in Base64. Returns the names of these files. It is the last resort: the writer of a file should keep secrets out of it.
 */
export function removeLeaks(folder: string, secrets: readonly string[]): string[] {
  if (!existsSync(folder)) return [];
  const starts = new Set(secrets.map((secret) => secret.slice(0, PREFIX_LENGTH)));
  const scrubber = secretScrubber([...starts]);
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => holdsSecret(readFileSync(file), scrubber, MAX_LAYERS));
  for (const file of found) rmSync(file);
  return found.map((file) => path.relative(folder, file)).sort();
}

function holdsSecret(bytes: Uint8Array, scrubber: SecretScrubber, layers: number): boolean {
  if (layers === 0) return false;
  if (scrubber.holdsSecret(bytes)) return true;
  // In UTF-16 each ASCII character has a zero byte beside it.
  if (bytes.includes(0) && scrubber.holdsSecret(bytes.filter((byte) => byte !== 0))) return true;
  return unpack(bytes).some((content) => holdsSecret(content, scrubber, layers - 1));
}

/** The contents of an archive; none if the file only looks like one. */
function unpack(bytes: Uint8Array): Uint8Array[] {
  const [first, second] = bytes;
  try {
    if (first === 0x50 && second === 0x4b) {
      const entries = Object.entries(unzipSync(bytes));
      return entries.flatMap(([name, content]) => [Buffer.from(name), content]);
    }
    if (first === 0x1f && second === 0x8b) return [gunzipSync(bytes)];
  } catch {
    return [];
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return [...text.matchAll(ZIP_IN_BASE64)].map(([base64]) => Buffer.from(base64, 'base64'));
}
