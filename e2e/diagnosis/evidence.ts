import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EvidenceFile } from '../matchers/judgeMeasured.ts';

import type { RunContext } from '../setup/runContext.ts';

/** All that doing a step once more brought to light, whatever objective was missed: sentences by what they speak of, and files. */
export type StepEvidence = { findings: Record<string, string | null>; files: EvidenceFile[] };

/**
 * Gathers evidence once a run, however many objectives were missed by the same step, and by whichever worker: it is kept under
 * `diagnosis/` of the report, and of an earlier run it is gathered anew.
 * @param name of the step, which names the folder that `gather` may write to
 */
export async function gatherEvidenceOnce(
  name: string,
  run: Pick<RunContext, 'id' | 'reportDir'>,
  gather: (folder: string) => Promise<StepEvidence>,
): Promise<StepEvidence> {
  const folder = path.join(run.reportDir, 'diagnosis', name);
  const file = path.join(folder, 'evidence.json');
  const kept = existsSync(file) ? readKept(file) : null;
  if (kept?.run === run.id) return kept.evidence;
  mkdirSync(folder, { recursive: true });
  const evidence = await gather(folder);
  writeFileSync(file, JSON.stringify({ run: run.id, evidence }));
  return evidence;
}

/** Written by this module alone, but perhaps not to its end. */
function readKept(file: string): { run: string; evidence: StepEvidence } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

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
