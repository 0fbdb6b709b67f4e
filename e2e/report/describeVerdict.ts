import type { Summary } from '../core/verdict/runSummary.ts';

/** `PASS  (31 objectives met, 0 missed, 0 inconclusive, 3 known gaps open, 2 not measured, 49 not selected)`; a miss that a gap admits is told by its gap. */
export function describeVerdict(summary: Summary): string {
  const { verdict, objectives, notMeasured, notSelected, knownGaps } = summary;
  const count = (wanted: Summary['verdict']) =>
    objectives.filter((one) => one.verdict === wanted && one.knownGap === null).length;
  const met = count('pass');
  const open = knownGaps.filter(({ state }) => state === 'open').length;
  const parts = [
    `${met} ${met === 1 ? 'objective' : 'objectives'} met`,
    `${count('fail')} missed`,
    `${count('inconclusive')} inconclusive`,
    ...(open === 0 ? [] : [`${open} known ${open === 1 ? 'gap' : 'gaps'} open`]),
    `${notMeasured.length} not measured`,
    ...(notSelected.length === 0 ? [] : [`${notSelected.length} not selected`]),
  ];
  return `${verdict.toUpperCase()}  (${parts.join(', ')})`;
}

/** Why the verdict is not a pass, line by line, each with what it speaks of. */
export function describeReasons({ reasons, objectives }: Summary): { what: string; why: string }[] {
  return [
    ...reasons.map((why) => ({ what: 'run', why })),
    ...objectives
      .filter(({ verdict, knownGap }) => verdict !== 'pass' && knownGap === null)
      .map(({ id, verdict, reason }) => ({ what: `${verdict}: ${id}`, why: reason })),
  ];
}
