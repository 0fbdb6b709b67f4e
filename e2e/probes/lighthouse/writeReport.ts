import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';

/** Writes Lighthouse's report. @throws Error where it holds a secret in spite of all; then nothing is written */
export async function writeReport(
  html: string,
  { reportPath, secrets }: { reportPath: string; secrets: readonly string[] },
): Promise<void> {
  if (secretScrubber(secrets).holdsSecret(html)) {
    throw new Error('the report holds a secret and was not written');
  }
  await mkdir(path.dirname(reportPath), { recursive: true });
  await writeFile(reportPath, html);
}
