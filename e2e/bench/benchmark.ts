import { type Draw, shuffle } from '../core/statistics/seededDraw.ts';
import type { Table } from '../core/table.ts';
import type { InstalledPeer } from './tools/peers.ts';

/** @throws Error if the benchmark cannot run at all. If one tool fails, its cell says so instead */
export type Benchmark = (context: BenchContext) => Promise<BenchReport>;

export type BenchContext = {
  runs: number;
  draw: Draw;
  peers: readonly InstalledPeer[];
  logProgress: (line: string) => void;
};

export type BenchReport = { title: string; tables: Table[]; goals: Goal[]; notes: string[] };

export type Goal = {
  goal: string;
  /** Null if a measurement is missing. */
  isReached: boolean | null;
  found: string;
};

/** A tool in a benchmark, and one turn of it. A turn that rejects is a failure of the tool, not of the benchmark. */
export type Contender<T> = { name: string; turn: (round: number) => Promise<T> };

/** Results of a tool by round. The result of a failed turn is null, and its reason is in `errors`. */
export type Turns<T> = { name: string; results: (T | null)[]; errors: string[] };

/** Gives each contender a turn in every round, in random order, so that a slow moment of the machine does not always affect the same one. */
export async function interleave<T>(
  contenders: readonly Contender<T>[],
  { runs, draw, logProgress }: Pick<BenchContext, 'runs' | 'draw' | 'logProgress'>,
): Promise<Turns<T>[]> {
  const entries = contenders.map(({ name, turn }) => {
    const turns: Turns<T> = { name, results: [], errors: [] };
    return { turn, turns };
  });
  for (let round = 0; round < runs; round++) {
    const order = [...entries];
    shuffle(order, draw);
    for (const { turn, turns } of order) {
      logProgress(`${round + 1} of ${runs}: ${turns.name}`);
      try {
        turns.results.push(await turn(round));
      } catch (error) {
        turns.results.push(null);
        turns.errors.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return entries.map(({ turns }) => turns);
}
