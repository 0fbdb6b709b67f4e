import { spawnSync } from 'node:child_process';
import { autocannon } from './autocannon.ts';
import { k6 } from './k6.ts';
import type { Peer, PeerName } from './tool.ts';
import { wrk } from './wrk.ts';

export type InstalledPeer = Peer & { file: string; version: string };

const PEERS: readonly Peer[] = [k6, autocannon, wrk];

export function findPeers(): InstalledPeer[] {
  return PEERS.flatMap((peer) => findPeer(peer) ?? []);
}

export function selectInstalled(
  peers: readonly InstalledPeer[],
  names: readonly PeerName[],
): InstalledPeer[] {
  return peers.filter(({ name }) => names.includes(name));
}

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
  // The status does not matter: wrk prints its version with status 1. A peer that does not work fails in its turns.
  const options = { encoding: 'utf8', timeout: 20_000 } as const;
  const { pid, stdout, stderr } = spawnSync(peer.name, peer.versionArgs, options);
  if (pid === 0) return null;
  const version = parseVersion(peer, `${stdout}\n${stderr}`) ?? 'of unknown version';
  return { ...peer, file: peer.name, version };
}

/** Null if the output is not understood. */
export function parseVersion(peer: Peer, output: string): string | null {
  return peer.versionPattern.exec(output)?.[1] ?? null;
}
