import { unzipSync, type Zippable, zipSync } from 'fflate';
import type { SecretScrubber } from '../../core/secrets/secretScrubber.ts';

/** Entries of one JSON value a line, which the viewer cannot do without. */
const RECORDS = /\.(trace|network|stacks)$/;
/** Compressed already. */
const PICTURES = /\.(jpe?g|png|webp)$/;

/**
 * A trace of Playwright without its secrets: the same zip, in the same order, with those in its entries and their names replaced.
 * @throws Error where a secret is left in spite of all, or a record can no longer be read
 */
export function scrubbedTrace(zip: Uint8Array, scrubber: SecretScrubber): Uint8Array {
  const entries: Zippable = {};
  for (const [rawName, bytes] of Object.entries(unzipSync(zip))) {
    const name = scrubber.scrub(rawName);
    const scrubbed = scrubber.scrubBytes(bytes);
    if (scrubber.holdsSecret(scrubbed)) throw new Error(`its entry "${name}" still held a secret`);
    if (RECORDS.test(name)) assertReadable(name, scrubbed);
    entries[name] = [scrubbed, { level: PICTURES.test(name) ? 0 : 6 }];
  }
  return zipSync(entries);
}

function assertReadable(name: string, bytes: Uint8Array): void {
  const lines = new TextDecoder().decode(bytes).split('\n');
  for (const [index, line] of lines.entries()) {
    // The parser's message quotes what it could not read, so it is not told.
    if (line !== '' && !isJson(line)) {
      throw new Error(`line ${index + 1} of its entry "${name}" is no JSON without its secrets`);
    }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
