import type { Table } from '../core/alignedTable.ts';
import type { Draw } from '../core/statistics/seededDraw.ts';
import type { Peers } from './peers/findPeers.ts';

/** What a benchmark is run with. */
export type BenchContext = {
  /** Rounds, in each of which every tool has one turn. */
  runs: number;
  /** Decides who is first in a round. */
  draw: Draw;
  peers: Peers;
  /** Tells whoever waits how far it is. */
  say: (line: string) => void;
};

/** What was to be reached, and what was. */
export type Goal = {
  goal: string;
  /** Null where it cannot be told, since what it takes is missing. */
  isReached: boolean | null;
  found: string;
};

/** What a benchmark prints. */
export type BenchReport = { title: string; tables: Table[]; goals: Goal[]; notes: string[] };

/** @throws Error where it cannot be done at all; what one tool fails at stands in that tool's cell instead */
export type Benchmark = (context: BenchContext) => Promise<BenchReport>;
