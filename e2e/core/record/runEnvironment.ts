import { z } from 'zod';
import { plainText } from '../terminalText.ts';

/** The machine and the programs of a run, for readers. Figures can be compared between runs whose fingerprints are the same. */
export const environmentSchema = z.strictObject({
  fingerprint: z.string().min(1),
  cpu: z.string(),
  cores: z.int().positive(),
  memoryGiB: z.int().nonnegative(),
  os: z.string(),
  runtime: z.string(),
  browser: z.string().nullable(),
});

export type RunEnvironment = z.infer<typeof environmentSchema>;

/** As it stands in a summary: some names of CPUs hold several spaces in a row. */
const name = z.string().transform(plainText);

/** What the set-up records of the environment, without what changes from run to run. */
const recordedEnvironment = z.object({
  os: name,
  cpu: name,
  cores: z.int().positive(),
  memoryBytes: z.number().nonnegative(),
  runtime: name,
  browser: name.nullable(),
});

const GIB = 1024 ** 3;

/** Reads the environment that stands in the header of a record; null if it lacks something. */
export function readRunEnvironment(recorded: Record<string, unknown>): RunEnvironment | null {
  const { data } = recordedEnvironment.safeParse(recorded);
  if (data === undefined) return null;
  const { memoryBytes, ...rest } = data;
  const environment = { ...rest, memoryGiB: Math.round(memoryBytes / GIB) };
  return { fingerprint: fingerprintOf(environment), ...environment };
}

/**
 * A short hash of what decides whether two runs can be compared. Updates that come every few weeks do not: it leaves out the release of
 * the kernel, and of runtime and browser all but the major version.
 */
export function fingerprintOf(environment: Omit<RunEnvironment, 'fingerprint'>): string {
  const { cpu, cores, memoryGiB, os, runtime, browser } = environment;
  const [system, ...release] = os.split(' ');
  const programs = [runtime, browser].map((program) => program?.replace(/\.\S*/, '') ?? null);
  return hashText(JSON.stringify([cpu, cores, memoryGiB, system, release.at(-1), ...programs]));
}

/** FNV-1a of 32 bits (Fowler, Noll & Vo): a dozen environments do not collide. */
function hashText(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
