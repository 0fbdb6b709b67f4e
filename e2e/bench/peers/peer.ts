import type { ToolRun } from '../process/runTool.ts';

/** A tool that others measure with, which is looked for on the PATH and never installed by us. */
export type Peer = {
  name: string;
  /** How to get it. */
  install: string;
  /** Arguments that make it say its version, and the exit status that it does so with. */
  versionArgs: string[];
  versionStatus?: number;
  /** The version in what it says; null where that is not understood. */
  versionIn: (said: string) => string | null;
};

/** One that is there. */
export type InstalledPeer = { file: string; version: string };

/** What a tool says of a load that it made; quantiles that it does not tell are null. */
export type ToolReport = {
  requests: number;
  quantilesMs: { p50: number | null; p95: number | null; p99: number | null };
  /** Due by the tool's own schedule and never sent; null where it does not say. */
  dropped: number | null;
};

/** What a tool said, and what running it took. */
export type Ran = { report: ToolReport; run: ToolRun };

/** Requests at a constant rate, whatever becomes of them. */
export type OpenLoad = {
  url: string;
  ratePerSecond: number;
  seconds: number;
  /** Before that, at the same rate, and thrown away. */
  warmUpSeconds?: number;
  /** Or virtual users: so many requests can be out. */
  connections: number;
};

/** As many requests as so many users get answered who never pause. */
export type ClosedLoad = { url: string; users: number; seconds: number };

/** Beyond the duration of a load, for start-up, for what is still out, and for the report. */
const GRACE_SECONDS = 40;

export function timeoutFor(load: { seconds: number; warmUpSeconds?: number }): number {
  return (load.seconds + (load.warmUpSeconds ?? 0) + GRACE_SECONDS) * 1000;
}

/** A tool whose requests failed has measured something else. @throws Error that says how many */
export function refuseFailures(failed: number, requests: number, why: string | null = null): void {
  if (failed === 0) return;
  const reason = why === null ? '' : `: ${why}`;
  throw new Error(`${failed} of ${requests + failed} requests failed${reason}`);
}
