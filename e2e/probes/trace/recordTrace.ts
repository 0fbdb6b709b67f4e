import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { type SecretScrubber, secretScrubber } from '../../core/secrets/secretScrubber.ts';

/** A trace that is being recorded. */
type TraceRecording = {
  /** Writes the trace. @throws Error where it could not be taken or freed of its secrets: then there is none */
  stop: () => Promise<void>;
};

type TraceOptions = { file: string; secrets: readonly string[]; pictures?: boolean };

/**
 * Records what Playwright's trace viewer shows of a browser context until `stop`: actions, snapshots of the DOM, requests, pictures. It slows
 * the page down, so it is for diagnosis and not for what is measured.
 *
 * `file` is a zip with the secrets taken out of all its entries, or it does not exist. What is raw lies for a moment in a folder that only this
 * user may read, and until the browser closes in the browser's own: private too, unless it was launched with a `tracesDir`. Playwright Test
 * launches it with one in its output folder, which goes with the worker. Pictures show what the page shows, so leave them out
 * (`pictures: false`) where a secret is typed.
 * @throws RangeError for a secret of less than 12 characters
 */
export async function recordTrace(
  context: BrowserContext,
  { file, secrets, pictures = true }: TraceOptions,
): Promise<TraceRecording> {
  const scrubber = secretScrubber(secrets);
  await rm(file, { force: true });
  await context.tracing.start({ screenshots: pictures, snapshots: true });
  return {
    stop: async () => {
      try {
        await writeWhole(file, scrubbedTrace(await rawTrace(context), scrubber));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`There is no trace: ${scrubber.scrub(reason)}`);
      }
    },
  };
}

/** Nobody ever sees half of it. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const part = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Ends the recording and gives the zip that Playwright writes, secrets and all; by then it lies on no disk any more. */
export async function rawTrace({ tracing }: BrowserContext): Promise<Uint8Array> {
  // Playwright gives a trace as a file alone. The folder is made for this user only.
  const folder = await mkdtemp(path.join(tmpdir(), 'raw-trace-'));
  try {
    const file = path.join(folder, 'trace.zip');
    await tracing.stop({ path: file });
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

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
