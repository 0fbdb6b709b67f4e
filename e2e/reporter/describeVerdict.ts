import type { Summary } from '../core/verdict/runSummary.ts';

/** `PASS  (8 objectives met, 0 missed, 0 inconclusive, 2 not measured)`. */
export function describeVerdict({ verdict, objectives, notMeasured }: Summary): string {
  const count = (wanted: Summary['verdict']) =>
    objectives.filter((objective) => objective.verdict === wanted).length;
  const met = count('pass');
  const parts = [
    `${met} ${met === 1 ? 'objective' : 'objectives'} met`,
    `${count('fail')} missed`,
    `${count('inconclusive')} inconclusive`,
    `${notMeasured.length} not measured`,
  ];
  return `${verdict.toUpperCase()}  (${parts.join(', ')})`;
}

/** Why the verdict is not a pass, line by line, each with what it speaks of. */
export function describeReasons({ reasons, objectives }: Summary): { what: string; why: string }[] {
  return [
    ...reasons.map((why) => ({ what: 'run', why })),
    ...objectives
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ id, verdict, reason }) => ({ what: `${verdict}: ${id}`, why: reason })),
  ];
}
