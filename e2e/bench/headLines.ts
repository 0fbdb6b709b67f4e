import { readFileSync } from 'node:fs';
import { readEnvironment } from '../probes/environment.ts';
import type { Peers } from './peers/findPeers.ts';

/** What tables mean nothing without: when, on what, with which versions, how often; as lines of Markdown. */
export function headLines(options: { command: string; now: Date; peers: Peers }): string[] {
  const { command, now, peers } = options;
  const { os, cpu, cores, runtime, loadAverage1m } = readEnvironment(null);
  const versions = Object.entries(peers).flatMap(([name, peer]) =>
    peer === null ? [] : [`${name} ${peer.version}`],
  );
  const load = loadAverage1m === null ? '' : `, load average before ${loadAverage1m.toFixed(1)}`;
  return [
    `\`${command}\`, ${now.toISOString().slice(0, 10)}, ${cores} × ${cpu}, ${os}${load}; ${[runtime, `undici ${versionOf('undici')}`, `Playwright ${versionOf('@playwright/test')}`, ...versions].join(', ')}.`,
    'Medians of the runs (least to most); one tool at a time, in an order that is drawn anew each round.',
  ];
}

/** As package.json pins it. */
function versionOf(name: string): string {
  const file = new URL('../../package.json', import.meta.url);
  const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return devDependencies[name] ?? 'of unknown version';
}
