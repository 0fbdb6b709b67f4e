import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { rawTrace } from './rawTrace.ts';
import { scrubbedTrace } from './scrubbedTrace.ts';

/** A trace that is being recorded. */
export type TraceRecording = {
  /** Writes the trace. @throws Error where it could not be taken or freed of its secrets: then there is none */
  stop: () => Promise<void>;
};

export type TraceOptions = { file: string; secrets: readonly string[]; pictures?: boolean };

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
