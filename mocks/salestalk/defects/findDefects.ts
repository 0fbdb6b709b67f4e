import { StartupError } from '../startupError.ts';
import type { Defect } from './defect.ts';
import { halvedLatency } from './halvedLatency.ts';
import { noMetadata } from './noMetadata.ts';
import { slowMedian } from './slowMedian.ts';
import { slowQuarter } from './slowQuarter.ts';
import { twoPercentErrors } from './twoPercentErrors.ts';

export const defects: readonly Defect[] = [
  slowMedian,
  slowQuarter,
  halvedLatency,
  twoPercentErrors,
  noMetadata,
];

/** The defects of these names. @throws StartupError naming the known ones if one is unknown */
export function findDefects(names: readonly string[]): Defect[] {
  return names.map((name) => {
    const found = defects.find((defect) => defect.name === name);
    if (found !== undefined) return found;
    const known = defects.map((defect) => defect.name).join(', ');
    throw new StartupError('DEFECT_UNKNOWN', `there is no defect "${name}". Known ones: ${known}.`);
  });
}
