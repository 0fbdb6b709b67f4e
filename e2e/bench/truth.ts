import { z } from 'zod';
import { median, quantile, sortSample } from '../core/statistics/quantile.ts';
import {
  type BenchContext,
  type Benchmark,
  type Contender,
  type Goal,
  interleave,
  type Turns,
} from './benchmark.ts';
import type { Delay } from './servers/server.ts';
import { readLog, withServer } from './servers/withServer.ts';
import {
  collectValues,
  computeSpread,
  describeErrors,
  type Figure,
  formatCells,
  type Spread,
} from './table.ts';
import { OURS, PLAYWRIGHT } from './tools/ownTools.ts';
import { describeMissing, selectInstalled } from './tools/peers.ts';
import { type QuantilesMs, runTool, type Tool } from './tools/tool.ts';

const DELAYS: Record<string, Delay> = {
  'constant, 50 ms': { kind: 'constant', ms: 50 },
  'log-normal, P50 50 ms, P95 150 ms': { kind: 'logNormal', medianMs: 50, p95Ms: 150 },
  'bimodal, 90 % 20 ms, 10 % 200 ms': { kind: 'bimodal', ms: 20, slowMs: 200, slowShare: 0.1 },
};

/** The most connections that autocannon takes at this rate, enough for a second without an answer. */
const LOAD = { ratePerSecond: 100, warmUpSeconds: 2, seconds: 6, connections: 100 };

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
type QuantileName = keyof typeof QUANTILES;
const NAMES = Object.keys(QUANTILES) as QuantileName[];

export const truth: Benchmark = async (context) => {
  const rows: TruthRow[] = [];
  for (const [delayName, delay] of Object.entries(DELAYS)) {
    const logProgress = (line: string): void => context.logProgress(`${delayName}, ${line}`);
    const turns = await interleave(createContenders(delay, context), { ...context, logProgress });
    rows.push(...turns.flatMap((tool) => createRows(delayName, tool)));
  }
  return {
    title: 'truth: error of reported quantiles against the log of the server, in ms',
    tables: [
      {
        head: ['delay', 'client', 'P50', 'P95', 'P99'],
        rows: rows.map(({ delayName, client, turns }) => [
          delayName,
          client,
          ...formatCells(
            turns,
            NAMES.map((name) => selectFigure(name, 'errorMs')),
            2,
          ),
        ]),
      },
    ],
    goals: judgeTruth(rows),
    notes: [
      `${LOAD.ratePerSecond}/s for ${LOAD.seconds} s a turn after ${LOAD.warmUpSeconds} s thrown away, evenly spaced, on up to ${LOAD.connections} connections (autocannon: ${LOAD.connections}, each with its share of the rate, in bursts). The truth is arrival to last byte handed to the socket, by the server's clock, of the same requests.`,
      'Response time counts from the intended start and holds how late our own timer was, service time from the handing over to the HTTP client, which looks at an idle connection for a turn of the event loop before it writes to it; k6 counts from the writing on.',
      'autocannon with -C, without the samples that it adds for coordinated omission; one delay shows it with them. It reports no P95.',
      ...describeMissing(context.peers, ['k6', 'autocannon']),
    ],
  };
};

export type TruthRow = { delayName: string; client: string; turns: Turns<QuantileErrors> };

/** The error of each reported quantile; null if the tool does not report it. */
export type QuantileErrors = Record<QuantileName, QuantileError | null>;

type QuantileError = {
  /** Positive if the tool reports more than the truth. */
  errorMs: number;
  /** The error relative to the allowance of 1 ms or 1 % of the truth, whichever is more. */
  shareOfAllowance: number;
};

/** Errors of a turn by the way of timing, since a tool may time in several ways. */
type Readings = Record<string, QuantileErrors>;

/** A line for each way in which the tool times, or a single one if every turn failed. */
function createRows(delayName: string, tool: Turns<Readings>): TruthRow[] {
  const first = tool.results.find((readings) => readings !== null);
  return Object.keys(first ?? { '': null }).map((way) => ({
    delayName,
    client: [tool.name, way].filter(Boolean).join(', '),
    turns: { ...tool, results: tool.results.map((readings) => readings?.[way] ?? null) },
  }));
}

const log = z.object({ serviceMs: z.array(z.number().nullable()) });

function createContenders(delay: Delay, { peers }: BenchContext): Contender<Readings>[] {
  const contender = (tool: Tool, name = tool.name, flags: string[] = []): Contender<Readings> => ({
    name,
    turn: (round) =>
      withServer('delay', { delay, seed: round + 1 }, async ({ url }) => {
        const { requests, quantilesMs } = await runTool(tool, { ...LOAD, url: `${url}/` }, flags);
        const answeredMs = log.parse(await readLog(url)).serviceMs.filter((ms) => ms !== null);
        if (answeredMs.length < requests) {
          throw new Error(
            `${requests} requests are in the report, ${answeredMs.length} in the log`,
          );
        }
        // The log begins with the warm-up.
        const serviceMs = answeredMs.slice(-requests);
        return Object.fromEntries(
          Object.entries(quantilesMs).map(([way, ms]) => [way, quantileErrors(ms, serviceMs)]),
        );
      }),
  });
  return [
    contender(OURS),
    ...selectInstalled(peers, ['k6']).map((k6) => contender(k6)),
    ...selectInstalled(peers, ['autocannon']).flatMap((autocannon) => [
      contender(autocannon, 'autocannon -R -C', ['--ignoreCoordinatedOmission']),
      // With its default for one delay only, to save time.
      ...(delay.kind === 'constant' ? [contender(autocannon, 'autocannon -R')] : []),
    ]),
    contender(PLAYWRIGHT),
  ];
}

/** @param serviceMs of each request, by the server's own clock @throws RangeError for none */
export function quantileErrors(
  reportedMs: QuantilesMs,
  serviceMs: readonly number[],
): QuantileErrors {
  const sample = sortSample(serviceMs);
  const measureError = (name: QuantileName): QuantileError | null => {
    const reported = reportedMs[name];
    if (reported === null) return null;
    const truthMs = quantile(sample, QUANTILES[name]);
    const errorMs = reported - truthMs;
    return { errorMs, shareOfAllowance: Math.abs(errorMs) / Math.max(1, 0.01 * truthMs) };
  };
  return { p50: measureError('p50'), p95: measureError('p95'), p99: measureError('p99') };
}

function selectFigure(name: QuantileName, part: keyof QuantileError): Figure<QuantileErrors> {
  return (errors) => errors[name]?.[part] ?? null;
}

export const OUR_READING = 'ours, response time';

/** Judges by medians of the runs: is ours within a millisecond or one percent, and is no peer closer by more than the spread? */
export function judgeTruth(rows: readonly TruthRow[]): Goal[] {
  const ownRows = rows.filter(({ client }) => client === OUR_READING);
  const isKnown =
    ownRows.length > 0 && ownRows.every(({ turns }) => describeErrors(turns) === null);
  const hasSpread = ownRows.every(({ turns }) => turns.results.length > 1);
  const places = ownRows.flatMap(({ delayName, turns }) => {
    const peers = rows.filter(
      (row) => row.delayName === delayName && !row.client.startsWith('ours'),
    );
    return NAMES.map((name) => {
      const computeErrors = (one: Turns<QuantileErrors>) =>
        computeSpread(collectValues(one, selectFigure(name, 'errorMs')));
      const own = computeErrors(turns);
      const shares = collectValues(turns, selectFigure(name, 'shareOfAllowance'));
      return {
        place: `${name.toUpperCase()} of ${delayName.split(',')[0]}`,
        isFar: shares.length > 0 && median(shares) > 1,
        compared: peers.flatMap((peer) => {
          const other = computeErrors(peer.turns);
          if (own === null || other === null) return [];
          return [{ client: peer.client, isCloser: isCloser(other, own) }];
        }),
      };
    });
  });
  const far = places.filter(({ isFar }) => isFar).map(({ place }) => place);
  const closer = places.flatMap(({ place, compared }) =>
    compared.filter((peer) => peer.isCloser).map(({ client }) => `${client} at ${place}`),
  );
  const isCompared = hasSpread && places.some(({ compared }) => compared.length > 0);
  return [
    {
      goal: 'ours within 1 ms or 1 %',
      isReached: isKnown ? far.length === 0 : null,
      found:
        far.length === 0 ? 'everywhere, by the median of the runs' : `not at ${far.join(', ')}`,
    },
    {
      goal: 'no peer closer by more than the spread',
      // A single run has no spread.
      isReached: isKnown && isCompared ? closer.length === 0 : null,
      found: closer.length === 0 ? 'none is' : closer.join('; '),
    },
  ];
}

/** Closer by more than the wider of the two spreads. */
function isCloser(other: Spread, own: Spread): boolean {
  const gain = Math.abs(own.median) - Math.abs(other.median);
  return gain > Math.max(own.most - own.least, other.most - other.least);
}
