import { seededDraw } from '../core/statistics/seededDraw.ts';
import type { Pair } from './costRow.ts';

/** Thrown away: code and connections are cold. */
const WARM_UPS = 5;

/** One turn of either side; gives back how long it took, in ms. */
export type Turns = { without: () => Promise<number>; with: () => Promise<number> };

/** Times both sides one right after the other, as many times, which of them first being left to chance. */
export async function timePairs(count: number, turns: Turns): Promise<Pair[]> {
  const draw = seededDraw(count);
  const pairs: Pair[] = [];
  for (let at = 0; at < WARM_UPS + count; at++) {
    const first = draw() < 0.5 ? 'with' : 'without';
    const second = first === 'with' ? 'without' : 'with';
    const [one, other] = [await turns[first](), await turns[second]()];
    if (at < WARM_UPS) continue;
    pairs.push(
      first === 'with' ? { withMs: one, withoutMs: other } : { withMs: other, withoutMs: one },
    );
  }
  return pairs;
}
