import { seededDraw } from '../core/statistics/seededDraw.ts';
import { drawMonotony } from '../core/testing/drawMonotony.ts';
import { type CalibrationRow, rounded } from './calibrationRow.ts';

/** Statistics with the largest sample budgets of the committed budgets. */
const OBJECTIVES = [
  { name: 'P50', allowedShare: 0.5, mostEvents: 150 },
  { name: 'P75', allowedShare: 0.25, mostEvents: 100 },
  { name: 'P95', allowedShare: 0.05, mostEvents: 600 },
  { name: '99.9 %', allowedShare: 0.001, mostEvents: 5000 },
];

/** How often one better event makes a verdict worse, or the reverse. Discounting bursts causes this; it must be rare. */
export function monotoneRows(scale: number): CalibrationRow[] {
  return OBJECTIVES.map((objective, at) => {
    const runs = Math.ceil((objective.mostEvents > 1000 ? 4_000 : 20_000) * scale);
    const seen = drawMonotony(objective, runs, seededDraw(2950 + at));
    const share = (part: number, of: number) => rounded(part / Math.max(1, of));
    const figures = {
      'better loses a pass': share(seen.passLostByBetter, seen.pass),
      'worse wins a pass': share(seen.passWonByWorse, seen.inconclusive),
      'worse loses a fail': share(seen.failLostByWorse, seen.fail),
      'better wins a fail': share(seen.failWonByBetter, seen.inconclusive),
    };
    return {
      section: 'share, one event changed',
      name: `${objective.name}, up to ${objective.mostEvents} events`,
      runs,
      figures,
      goals: ['better loses a pass', 'worse wins a pass'].map((figure) => ({
        figure,
        atMost: 0.005,
      })),
    };
  });
}
