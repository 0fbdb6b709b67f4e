import type { Draw } from '../core/statistics/seededDraw.ts';

/** A tool in a benchmark, and one turn of it. A turn that rejects is a failure of the tool, not of the benchmark. */
export type Contender<T> = { name: string; turn: (round: number) => Promise<T> };

/** What the turns of a tool came to, round by round; null where one failed, and then `errors` says why. */
export type Turns<T> = { name: string; results: (T | null)[]; errors: string[] };

/**
 * Gives each contender a turn in every round, in an order that is drawn anew, so that no slow moment of the machine meets the same one
 * each time and none profits from whom it follows. One turn at a time.
 */
export async function interleave<T>(
  contenders: readonly Contender<T>[],
  options: { runs: number; draw: Draw; say: (line: string) => void },
): Promise<Turns<T>[]> {
  const { runs, draw, say } = options;
  const turns = contenders.map(({ name }): Turns<T> => ({ name, results: [], errors: [] }));
  for (let round = 0; round < runs; round++) {
    for (const at of shuffled(contenders.length, draw)) {
      const [contender, own] = [contenders[at], turns[at]];
      if (contender === undefined || own === undefined) continue;
      say(`${round + 1} of ${runs}: ${contender.name}`);
      try {
        own.results.push(await contender.turn(round));
      } catch (error) {
        own.results.push(null);
        own.errors.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return turns;
}

/** 0 to count − 1 in random order (Fisher and Yates). */
function shuffled(count: number, draw: Draw): number[] {
  const order = Array.from({ length: count }, (_, at) => at);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}
