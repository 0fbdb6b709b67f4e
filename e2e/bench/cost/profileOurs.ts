import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CpuProfile } from '../../probes/cpu/cpuProfile.ts';
import { oursClosed } from '../peers/ours.ts';
import type { ClosedLoad } from '../peers/peer.ts';
import { type Account, accountOf } from './accountOf.ts';

const PLACES = [
  ['node_modules/undici', 'undici'],
  ['wasm:', 'undici'],
  ['/e2e/', 'ours'],
  ['node:', "Node's own scripts"],
] as const;

/** Runs our closed model once more under V8's profiler, and sums up where its time went. */
export async function profileOurs(load: ClosedLoad): Promise<Account> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-profile-'));
  try {
    await oursClosed({ ...load, runtimeFlags: ['--cpu-prof', `--cpu-prof-dir=${folder}`] });
    const [file] = readdirSync(folder);
    if (file === undefined) throw new Error('the runtime wrote no profile');
    const profile: CpuProfile = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    return accountOf(profile, PLACES);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
