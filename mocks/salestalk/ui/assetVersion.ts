import { createHash } from 'node:crypto';

/**
 * The version of a set of files, 16 hex digits: SHA-256 over every name and body, cut short. One changed byte anywhere gives
 * another version, so that a page never meets modules of two releases.
 */
export function assetVersion(files: ReadonlyMap<string, { body: string }>): string {
  const hash = createHash('sha256');
  for (const [name, { body }] of files) hash.update(`${name}\0${body}\0`);
  return hash.digest('hex').slice(0, 16);
}
