import { seededDraw } from '../statistics/seededDraw.ts';
import type { CalibrationRow } from './calibrationRow.ts';
import {
  atBeat,
  type BadSource,
  inBursts,
  inSparingBursts,
  type LatencySource,
  LIMIT_MS,
} from './eventSources.ts';
import { P95_PLAN } from './shareRows.ts';
import { shareSimulator } from './simulateShare.ts';

const DEPENDENCE: { name: string; of: (badShare: number) => BadSource; isClaimed: boolean }[] = [
  { name: 'bursts of 3', of: (badShare) => inBursts(badShare, 3), isClaimed: true },
  { name: 'bursts of 5', of: (badShare) => inBursts(badShare, 5), isClaimed: true },
  { name: 'bursts of 10', of: (badShare) => inBursts(badShare, 10), isClaimed: false },
  {
    name: 'bursts of 8 that spare 4 of 10',
    of: (badShare) => inSparingBursts(badShare, 8, 0.6),
    isClaimed: false,
  },
];

const SHARES = [0.01, 0.025, 0.05, 0.1];

/**
 * Bursts break what is guaranteed. False fails are held down by the discount and the number of bursts it takes, and are claimed for mean
 * lengths of 3 and 5 up to the boundary; false passes (at the boundary and above it) are shown for what they are.
 */
export function burstRows(scale: number): CalibrationRow[] {
  const inARun = shareSimulator(P95_PLAN);
  const alone = shareSimulator({ ...P95_PLAN, failAlpha: 0.01 });
  const claimed = DEPENDENCE.filter(({ isClaimed }) => isClaimed);
  return [
    ...DEPENDENCE.flatMap(({ name, of, isClaimed }, kind) =>
      SHARES.map((badShare, at) => {
        const runs = Math.ceil((badShare === 0.05 ? 10_000 : 4000) * scale);
        const draw = seededDraw(2000 + 10 * kind + at);
        const figures = inARun({ source: sourceOf(of(badShare)), runs, draw });
        return row(
          `${name}, ${badShare * 100} % bad`,
          runs,
          figures,
          isClaimed && badShare <= 0.05,
        );
      }),
    ),
    ...claimed.map(({ name, of }, kind) => {
      const runs = Math.ceil(4000 * scale);
      const draw = seededDraw(2100 + kind);
      const figures = alone({ source: sourceOf(of(0.05)), runs, draw });
      return row(`${name}, 5 % bad, the only objective`, runs, figures, true);
    }),
    row(
      'one in four, at a beat',
      1,
      inARun({ source: sourceOf(atBeat(4)), runs: 1, draw: seededDraw(2200) }),
      false,
    ),
  ];
}

function sourceOf(isBad: BadSource): LatencySource {
  return (draw) => {
    const next = isBad(draw);
    return () => (next() ? LIMIT_MS : LIMIT_MS - 1);
  };
}

function row(
  name: string,
  runs: number,
  figures: Record<string, number>,
  isClaimed: boolean,
): CalibrationRow {
  return {
    section: 'share, bursts',
    name: `P95, ${name}`,
    runs,
    figures,
    goals: isClaimed ? [{ figure: 'fail', atMost: 0.01 }] : [],
  };
}
