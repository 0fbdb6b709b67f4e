import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { runTool, type ToolRun } from './runTool.ts';

/** The tools that we compare with. They are looked for on the PATH, and never installed by us. */
const PEERS: Record<PeerName, Peer> = {
  k6: {
    install: 'go install go.k6.io/k6@latest',
    versionArgs: ['version'],
    versionPattern: /^k6 v(\S+)/m,
  },
  autocannon: {
    install: 'npm install -g autocannon',
    versionArgs: ['--version'],
    versionPattern: /^autocannon v(\S+)/m,
  },
  wrk: {
    install: 'apt install wrk',
    versionArgs: ['-v'],
    // It takes its own -v for a mistake.
    versionStatus: 1,
    versionPattern: /^wrk (\S+)/m,
  },
};

type PeerName = 'k6' | 'autocannon' | 'wrk';

type Peer = {
  install: string;
  versionArgs: string[];
  /** Exit status with which it prints its version. */
  versionStatus?: number;
  versionPattern: RegExp;
};

export type InstalledPeer = { file: string; version: string };

/** Null for one that is not on the PATH. */
export type Peers = Record<PeerName, InstalledPeer | null>;

export async function findPeers(): Promise<Peers> {
  return {
    k6: await findPeer('k6'),
    autocannon: await findPeer('autocannon'),
    wrk: await findPeer('wrk'),
  };
}

/** What `create` makes of a peer, or nothing where it is not installed. */
export function ifInstalled<T>(
  peer: InstalledPeer | null,
  create: (peer: InstalledPeer) => T,
): T[] {
  return peer === null ? [] : [create(peer)];
}

/** What is not there, and how to get it, for a note under a table. */
export function notInstalled(peers: Peers, needed: readonly PeerName[]): string[] {
  return needed
    .filter((name) => peers[name] === null)
    .map((name) => `not installed: ${name} (${PEERS[name].install})`);
}

const VERSION_TIMEOUT_MS = 20_000;

async function findPeer(name: PeerName): Promise<InstalledPeer | null> {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const file = folders.map((folder) => path.join(folder, name)).find(isExecutable);
  if (file === undefined) return null;
  const { versionArgs, versionStatus = 0 } = PEERS[name];
  const options = { timeoutMs: VERSION_TIMEOUT_MS, successStatus: versionStatus };
  // One that does not work says so in its cells.
  const output = await runTool(file, versionArgs, options).catch(() => null);
  const version = output && parseVersion(name, `${output.stdout}\n${output.stderr}`);
  return { file, version: version ?? 'of unknown version' };
}

/** Null for an output that is not understood. */
export function parseVersion(name: PeerName, output: string): string | null {
  return PEERS[name].versionPattern.exec(output)?.[1] ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Requests at a constant rate, whatever becomes of them. */
export type OpenLoad = {
  url: string;
  ratePerSecond: number;
  seconds: number;
  /** Before that, at the same rate, and thrown away. */
  warmUpSeconds?: number;
  /** Connections or virtual users: most requests in flight. */
  connections: number;
};

/** As many requests as this number of users get answered who never pause. */
export type ClosedLoad = { url: string; users: number; seconds: number };

/** What a tool measured, and what running it took. */
export type MeasuredLoad = { report: ToolReport; run: ToolRun };

/** What a tool reports of a load; null for a quantile that it does not. */
export type ToolReport = {
  requests: number;
  quantilesMs: { p50: number | null; p95: number | null; p99: number | null };
  /** Due by the tool's own schedule and never sent; null where it does not say. */
  dropped: number | null;
};

/** Beyond the duration of a load: start-up, requests still in flight, and the report. */
const GRACE_SECONDS = 40;

export function timeoutFor(load: { seconds: number; warmUpSeconds?: number }): number {
  return (load.seconds + (load.warmUpSeconds ?? 0) + GRACE_SECONDS) * 1000;
}

/** A tool whose requests failed has measured something else. @throws Error that says how many */
export function refuseFailures(
  failed: number,
  succeeded: number,
  reason: string | null = null,
): void {
  if (failed === 0) return;
  const why = reason === null ? '' : `: ${reason}`;
  throw new Error(`${failed} of ${succeeded + failed} requests failed${why}`);
}
