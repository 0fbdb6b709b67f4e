import { expectedSampling } from '../../core/statistics/sampleSize.ts';
import type { Benchmark } from '../benchmark.ts';
import { type Contender, interleave, type Turns } from '../interleave.ts';
import { withServer } from '../process/withServer.ts';
import { formatDelay } from '../servers/delay.ts';
import { cellsOf } from '../table/cells.ts';
import { formatNumber } from '../table/spread.ts';
import { fixedSize } from './fixedSize.ts';
import { type ClearRun, sampleUntilClear } from './sampleUntilClear.ts';
import { sizeOfMost } from './sizeOfMost.ts';

/** A P95 objective, judged as one of a run by itself. */
const PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: 0.01 };
const TRULY_BAD = [0, 0.01, 0.025, 0.1, 0.2];
const CLEAR_IN = 0.95;
const MOST_EVENTS = 5000;
const RATE_PER_SECOND = 200;
const CONNECTIONS = 400;
/** Good answers take 2 ms and bad ones 100, so that nothing but the draw decides which is which. */
const DELAY = { kind: 'bimodal', ms: 2, slowMs: 100 } as const;
const LIMIT_MS = 50;

type Planned = { badShare: number; fixed: number; mean: number; most: number };

/** Requests until a verdict on a P95, against a number that is fixed beforehand. */
export const clear: Benchmark = async (context) => {
  const planned = TRULY_BAD.map(
    (badShare): Planned => ({
      badShare,
      fixed: fixedSize(PLAN, badShare, CLEAR_IN),
      mean: expectedSampling(PLAN, badShare, MOST_EVENTS).expectedN,
      most: sizeOfMost(PLAN, badShare, { clearIn: CLEAR_IN, mostEvents: MOST_EVENTS }),
    }),
  );
  const fixedForAll = Math.max(...planned.map(({ fixed }) => fixed));
  const turns = await interleave(planned.map(contenderOf), context);
  const short = planned.filter(({ mean }) => mean <= fixedForAll);
  return {
    title: 'clear: requests until a verdict on a P95 objective',
    tables: [
      {
        head: [
          'truly bad',
          'fixed n, truth known',
          'until clear, mean',
          'mean ÷ fixed n for all',
          '95 of 100 by',
          'really sent',
          'verdict',
          'seconds',
          'seconds of the fixed n',
        ],
        rows: planned.map(({ badShare, fixed, mean, most }, at) => {
          const runs = turns[at] as Turns<ClearRun>;
          const figures: ((run: ClearRun) => number)[] = [({ n }) => n, (run) => run.seconds];
          const [sent = '', seconds = ''] = cellsOf(runs, figures, [0, 1]);
          return [
            percent(badShare),
            formatNumber(fixed, 0),
            formatNumber(mean, 0),
            formatNumber(mean / fixedForAll, 2),
            formatNumber(most, 0),
            sent,
            verdictsOf(runs),
            seconds,
            formatNumber(fixedForAll / RATE_PER_SECOND, 1),
          ];
        }),
      },
    ],
    goals: [
      {
        goal: 'on average no more requests than the one n that has to be fixed while the truth is not known',
        isReached: short.length === planned.length,
        found: `${short.length} of ${planned.length} truths`,
      },
    ],
    notes: [
      `5 % may be bad; false pass 5 %, false fail 1 %. Fixed n: the fewest with which an exact binomial test is clear in ${CLEAR_IN * 100} of 100 runs, if one knew the truth; one who does not has to take the largest, ${formatNumber(fixedForAll, 0)}. Mean and "95 of 100 by" are of 400 simulated runs of independent events, looked at after each.`,
      `Really sent: to a server in which that share of answers is slow by chance, at ${RATE_PER_SECOND}/s, another draw each run, judged by the test that judges a run, which also looks for bursts.`,
    ],
  };
};

function contenderOf({ badShare }: Planned): Contender<ClearRun> {
  const delay = formatDelay({ ...DELAY, slowShare: badShare });
  return {
    name: `${percent(badShare)} bad`,
    turn: (round) =>
      withServer('delayServer.ts', [`--delay=${delay}`, `--seed=${round + 1}`], ({ url }) =>
        sampleUntilClear({
          url,
          ratePerSecond: RATE_PER_SECOND,
          connections: CONNECTIONS,
          limitMs: LIMIT_MS,
          plan: PLAN,
          mostEvents: MOST_EVENTS,
        }),
      ),
  };
}

function verdictsOf({ results }: Turns<ClearRun>): string {
  const verdicts = results.flatMap((run) => (run === null ? [] : [run.verdict]));
  const counts = Map.groupBy(verdicts, (verdict) => verdict);
  return [...counts].map(([verdict, all]) => `${all.length} × ${verdict}`).join(', ');
}

function percent(share: number): string {
  return `${formatNumber(share * 100, 1)} %`;
}
