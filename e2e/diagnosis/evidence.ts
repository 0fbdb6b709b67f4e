import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseJson } from '../core/readJson.ts';
import type { EvidenceFile } from '../matchers/judgeMeasured.ts';
import type { RunContext } from '../setup/runContext.ts';

/** What repeating a step showed, for any missed objective: sentences by subject, and files. */
export type StepEvidence = { findings: Record<string, string | null>; files: EvidenceFile[] };

/**
 * Gathers the evidence of a step once a run, for all objectives that it missed and in all workers: it is kept under `diagnosis/` of the
 * report. Evidence of an earlier run is replaced.
 * @param name of the step, which names the folder that `gather` may write to
 */
export async function gatherEvidenceOnce(
  name: string,
  run: Pick<RunContext, 'id' | 'reportDir'>,
  gather: (folder: string) => Promise<StepEvidence>,
): Promise<StepEvidence> {
  const folder = path.join(run.reportDir, 'diagnosis', name);
  const file = path.join(folder, 'evidence.json');
  const kept = readEvidence(file);
  if (kept?.run === run.id) return kept.evidence;
  mkdirSync(folder, { recursive: true });
  const evidence = await gather(folder);
  writeFileSync(file, JSON.stringify({ run: run.id, evidence }));
  return evidence;
}

type KeptEvidence = { run: string; evidence: StepEvidence };

/** Undefined also for a file that `gatherEvidenceOnce`, its only writer, could not write to its end. */
function readEvidence(file: string): KeptEvidence | undefined {
  return existsSync(file) ? (parseJson(readFileSync(file, 'utf8')) as KeptEvidence) : undefined;
}

const CONTENT_TYPES: Record<string, string> = {
  '.svg': 'image/svg+xml',
  '.cpuprofile': 'application/json',
};

/** Writes a file for the report; the end of its name gives its type. */
export function writeEvidence(folder: string, name: string, text: string): EvidenceFile {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return { name, path: file, contentType: CONTENT_TYPES[path.extname(name)] ?? 'text/plain' };
}
