import type { Judgement } from '../core/verdict/judgement.ts';

/** What there is to know of a surprise, for the message of a test: of each objective that is red or ought to be, its verdict and why. */
export function describeVerdicts(all: Judgement[], expected: string[]): string {
  const told = all.filter(({ id, verdict }) => verdict === 'fail' || expected.includes(id));
  const absent = expected.filter((id) => all.every((judgement) => judgement.id !== id));
  return [...told.map(describe), ...absent.map((id) => `${id}: not judged`)].join('\n');
}

function describe({ id, verdict, n, bad, estimate, unit, reason }: Judgement): string {
  return `${id}: ${verdict} (n = ${n}, ${bad} bad, ${estimate} ${unit}): ${reason}`;
}
