import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../core/parseJson.ts';
import type { Benchmark, Goal } from '../benchmark.ts';
import { interleave, type Turns } from '../interleave.ts';
import { runClient } from '../process/runClient.ts';
import { cellsOf, failureOf, valuesOf } from '../table/cells.ts';
import { formatNumber } from '../table/spread.ts';
import { headerOf } from './headerOf.ts';
import { writeLoadRecord } from './writeLoadRecord.ts';

const REQUESTS = 1_000_000;
const WORKLOAD = 'sustained';
const MOST_SECONDS = 5;
const MOST_BYTES = 300e6;
const TIMEOUT_MS = 120_000;

const reading = z.object({
  seconds: z.number(),
  peakBytes: z.number(),
  recordBytes: z.number(),
  judged: z.array(z.object({ id: z.string(), n: z.number(), verdict: z.string() })).min(1),
});

type Reading = z.infer<typeof reading>;

/** From the record of a million requests to its finished summary. */
export const report: Benchmark = async (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-report-'));
  try {
    const turns = await interleave([contender(folder)], context);
    const figures: ((one: Reading) => number)[] = [
      ({ seconds }) => seconds,
      ({ peakBytes }) => peakBytes / 1e6,
      ({ recordBytes }) => recordBytes / 1e6,
    ];
    return {
      title: 'report: one million measurements to a finished summary',
      tables: [
        {
          head: ['record', 'seconds', 'peak memory, MB', 'on disk, MB'],
          rows: turns.map((one) => [one.name, ...cellsOf(one, figures, [2, 0, 0])]),
        },
      ],
      goals: turns.flatMap((one) => [
        judge(one, 'at most 5 s', ({ seconds }) => seconds / MOST_SECONDS, 's', MOST_SECONDS),
        judge(one, 'at most 300 MB', ({ peakBytes }) => peakBytes / MOST_BYTES, 'MB', 300),
      ]),
      notes: [
        `A process of its own, from its start to summary.json on disk: reads the record, checks each line, judges ${judgedIn(turns)}. Peak memory is the most that the process held (maxRSS).`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** By the worst of the runs. */
function judge(
  turns: Turns<Reading>,
  goal: string,
  share: (one: Reading) => number,
  unit: string,
  most: number,
): Goal {
  const shares = valuesOf(turns, share);
  if (failureOf(turns) !== null || shares.length === 0) {
    return { goal, isReached: null, found: 'not measured' };
  }
  const worst = Math.max(...shares);
  return {
    goal,
    isReached: worst <= 1,
    found: `${formatNumber(worst * most, unit === 's' ? 2 : 0)} ${unit}`,
  };
}

function judgedIn([turns]: Turns<Reading>[]): string {
  const first = turns?.results.find((result) => result !== null);
  return (first?.judged ?? []).map(({ id, verdict }) => `${id} (${verdict})`).join(', ');
}

function contender(folder: string) {
  const header = headerOf('local');
  const recordFile = path.join(folder, 'measurements.ndjson');
  const state = { id: header.id, reportDir: folder, recordFile, header };
  const selected = header.objectives
    .filter(({ workload }) => workload === WORKLOAD)
    .map(({ id }) => id);
  writeLoadRecord(recordFile, { header, workload: WORKLOAD, requests: REQUESTS, seed: 1 });
  return {
    name: `${REQUESTS.toLocaleString('en-US')} requests of a load`,
    turn: async (): Promise<Reading> => {
      const args = { state: JSON.stringify(state), selected: JSON.stringify(selected) };
      const { stdout } = await runClient('summarize.ts', args, { timeoutMs: TIMEOUT_MS });
      const read = reading.parse(parseJson(stdout));
      // Some are judged by seconds, not by requests.
      const most = Math.max(...read.judged.map(({ n }) => n));
      if (most < REQUESTS * 0.99) throw new Error(`${most} requests were judged at most`);
      return read;
    },
  };
}
