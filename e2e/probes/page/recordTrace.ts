import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { parseJson } from '../../core/readJson.ts';
import { type SecretScrubber, secretScrubber } from '../../core/secrets/secretScrubber.ts';

type TraceOptions = { file: string; secrets: readonly string[]; pictures?: boolean };

/**
 * Records a Playwright trace of a browser context until `stop`. It slows the page down, so use it for diagnosis only. `file` is a zip
 * scrubbed of all secrets, or does not exist; use `pictures: false` if a secret is typed. The raw trace lies briefly in a private folder,
 * and in the browser's `tracesDir` until that closes.
 * @throws RangeError for a secret of less than 12 characters
 */
export async function recordTrace(
  context: BrowserContext,
  { file, secrets, pictures = true }: TraceOptions,
) {
  const scrubber = secretScrubber(secrets);
  await rm(file, { force: true });
  await context.tracing.start({ screenshots: pictures, snapshots: true });
  return {
    /** Writes the trace. @throws Error if it cannot be taken or scrubbed of its secrets: then there is no file */
    stop: async (): Promise<void> => {
      try {
        const trace = scrubTrace(await takeRawTrace(context), scrubber);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, trace);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`There is no trace: ${scrubber.scrub(reason)}`);
      }
    },
  };
}

/** Ends the recording and returns Playwright's zip with all secrets, deleted from the disk. */
export async function takeRawTrace({ tracing }: BrowserContext): Promise<Uint8Array> {
  // Playwright only writes files. The folder is private to this user.
  const folder = await mkdtemp(path.join(tmpdir(), 'raw-trace-'));
  try {
    const file = path.join(folder, 'trace.zip');
    await tracing.stop({ path: file });
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Entries with one JSON value a line, which the viewer needs. */
const RECORDS = /\.(trace|network|stacks)$/;
/** Already compressed. */
const PICTURES = /\.(jpe?g|png|webp)$/;

/**
 * Replaces the secrets in the entries of a Playwright trace and in their names.
 * @throws Error if a secret is left or a record is no longer readable
 */
export function scrubTrace(zip: Uint8Array, scrubber: SecretScrubber): Uint8Array {
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
    // A parser's message would quote the line.
    if (line !== '' && parseJson(line) === undefined) {
      throw new Error(`line ${index + 1} of its entry "${name}" is no JSON without its secrets`);
    }
  }
}
