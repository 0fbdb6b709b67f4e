import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { autocannon } from './autocannon.ts';
import { k6 } from './k6.ts';
import type { Peer, PeerName } from './tool.ts';
import { wrk } from './wrk.ts';

export type InstalledPeer = Peer & { file: string; version: string };

const PEERS: readonly Peer[] = [k6, autocannon, wrk];

/** The peers that are on the PATH. */
export function findPeers(): InstalledPeer[] {
  return PEERS.flatMap((peer) => findPeer(peer) ?? []);
}

/** The installed peers with these names. */
export function selectInstalled(
  peers: readonly InstalledPeer[],
  names: readonly PeerName[],
): InstalledPeer[] {
  return peers.filter(({ name }) => names.includes(name));
}

/** A note for each missing peer, with the command that installs it. */
export function describeMissing(
  peers: readonly InstalledPeer[],
  needed: readonly PeerName[],
): string[] {
  const isInstalled = (wanted: PeerName) => peers.some(({ name }) => name === wanted);
  return PEERS.filter(({ name }) => needed.includes(name) && !isInstalled(name)).map(
    ({ name, install }) => `not installed: ${name} (${install})`,
  );
}

function findPeer(peer: Peer): InstalledPeer | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const file = folders.map((folder) => path.join(folder, peer.name)).find(isExecutable);
  if (file === undefined) return null;
  // The status does not matter: wrk prints its version with status 1. A peer that does not work fails in its turns.
  const { stdout, stderr } = spawnSync(file, peer.versionArgs, {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return {
    ...peer,
    file,
    version: parseVersion(peer, `${stdout}\n${stderr}`) ?? 'of unknown version',
  };
}

/** Null if the output is not understood. */
export function parseVersion(peer: Peer, output: string): string | null {
  return peer.versionPattern.exec(output)?.[1] ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
