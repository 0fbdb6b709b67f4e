import type { Answer } from './types.ts';

/** Whether nothing more can happen to an answer. */
export function hasEnded(answer: Answer): boolean {
  return answer.state !== 'loading' && answer.state !== 'streaming';
}
