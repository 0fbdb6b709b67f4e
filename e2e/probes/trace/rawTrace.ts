import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext } from '@playwright/test';

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
