import { HISTORY_VERSION, type HistoryEntry } from '../historyEntry.ts';

const FIRST_NIGHT_MS = Date.UTC(2026, 0, 1, 2, 23);
export const NIGHT_MS = 86_400_000;

export const ENVIRONMENT: NonNullable<HistoryEntry['environment']> = {
  ...{ fingerprint: '0d9f1c22', cpu: 'Xeon', cores: 2, memoryGiB: 8, os: 'Linux 6.1.0 x64' },
  ...{ runtime: 'node 26.10.0', browser: 'chromium 153.0' },
};

/** A run of each night, at a commit of its own. */
export function nightOf(night: number, parts: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    schemaVersion: HISTORY_VERSION,
    id: `night-${night}`,
    startedAt: new Date(FIRST_NIGHT_MS + night * NIGHT_MS).toISOString(),
    commit: commitOf(night),
    target: 'staging',
    verdict: 'pass',
    environment: ENVIRONMENT,
    objectives: [],
    figures: [],
    executions: [],
    ...parts,
  };
}

/** 40 digits, of which the first seven differ from night to night. */
export const commitOf = (night: number): string =>
  (0xa000000 + night * 0x1357).toString(16).padEnd(40, '0');
