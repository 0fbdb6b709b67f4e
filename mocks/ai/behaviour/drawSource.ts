import { hash } from 'node:crypto';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';

/** What a draw depends on, and nothing else: not the order of arrival, not the other behaviours. */
export type DrawKey = {
  seed: number;
  kind: string;
  /** The index of the measured request, or a hash of the prompt where there is none. */
  index: number | string;
  attempt: number;
  /** What is drawn; a change of one aspect leaves the draws of the others alone. */
  aspect: string;
};

/**
 * The random generator of one draw, seeded by a hash of its key, so that two runs meet the same model.
 * The whole 128-bit state comes from the hash: a generator seeded with 32 bits gives related first values to related seeds.
 */
export function drawSource(key: DrawKey): JumpableRandomGenerator {
  const text = `${key.seed}|${key.kind}|${key.index}|${key.attempt}|${key.aspect}`;
  const digest = hash('sha256', text, 'buffer');
  return xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
}
