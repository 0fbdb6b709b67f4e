import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { runTool } from '../process/runTool.ts';
import { AUTOCANNON } from './autocannon.ts';
import { K6 } from './k6.ts';
import type { InstalledPeer, Peer } from './peer.ts';
import { WRK } from './wrk.ts';

/** Those that are on the PATH; null for one that is not. */
export type Peers = {
  k6: InstalledPeer | null;
  autocannon: InstalledPeer | null;
  wrk: InstalledPeer | null;
};

const VERSION_TIMEOUT_MS = 20_000;

export async function findPeers(): Promise<Peers> {
  return { k6: await find(K6), autocannon: await find(AUTOCANNON), wrk: await find(WRK) };
}

/** What is not there, and how to get it, for a note under a table. */
export function notInstalled(peers: Peers, needed: readonly (keyof Peers)[]): string[] {
  return needed
    .filter((name) => peers[name] === null)
    .map((name) => `not installed: ${name} (${ALL[name].install})`);
}

const ALL: Record<keyof Peers, Peer> = { k6: K6, autocannon: AUTOCANNON, wrk: WRK };

async function find(peer: Peer): Promise<InstalledPeer | null> {
  const file = fileOnPath(peer.name);
  if (file === null) return null;
  const version = await versionOf(peer, file);
  return { file, version: version ?? 'of unknown version' };
}

/** Null where it does not say; one that does not work says so in its cells. */
async function versionOf(peer: Peer, file: string): Promise<string | null> {
  try {
    const { stdout, stderr } = await runTool(file, peer.versionArgs, {
      timeoutMs: VERSION_TIMEOUT_MS,
      ...(peer.versionStatus === undefined ? {} : { alsoWell: peer.versionStatus }),
    });
    return peer.versionIn(`${stdout}\n${stderr}`);
  } catch {
    return null;
  }
}

function fileOnPath(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const files = folders.map((folder) => path.join(folder, name));
  return files.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
