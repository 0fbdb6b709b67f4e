import { z } from 'zod';
import type { BenchContext, Benchmark } from '../benchmark.ts';
import { type Contender, interleave, type Turns } from '../interleave.ts';
import { autocannonOpen } from '../peers/autocannon.ts';
import { notInstalled } from '../peers/findPeers.ts';
import { k6Open } from '../peers/k6.ts';
import { oursOpen } from '../peers/ours.ts';
import type { OpenLoad } from '../peers/peer.ts';
import { playwrightOpen } from '../peers/playwright.ts';
import { readLog, withServer } from '../process/withServer.ts';
import { type Delay, formatDelay } from '../servers/delay.ts';
import { cellsOf } from '../table/cells.ts';
import { judgeTruth, OURS } from './judgeTruth.ts';
import {
  errorMs,
  type QuantileErrors,
  type QuantileName,
  quantileErrors,
} from './quantileErrors.ts';

const RATE_PER_SECOND = 100;
const SECONDS = 8;
/** As many as autocannon takes at this rate: enough for a second of answers that do not come. */
const CONNECTIONS = 100;

const DELAYS: Record<string, Delay> = {
  'constant, 50 ms': { kind: 'constant', ms: 50 },
  'log-normal, P50 50 ms, P95 150 ms': { kind: 'logNormal', medianMs: 50, p95Ms: 150 },
  'bimodal, 90 % 20 ms, 10 % 200 ms': { kind: 'bimodal', ms: 20, slowMs: 200, slowShare: 0.1 },
};

/** A tool may be read in more than one way; what each came to, by name. */
type Readings = Record<string, QuantileErrors>;

/** How far the quantiles that a tool reports are from those of the server's own log of the same requests. */
export const truth: Benchmark = async (context) => {
  const rows: TruthRow[] = [];
  for (const [delayName, delay] of Object.entries(DELAYS)) {
    const say = (line: string): void => context.say(`${delayName}, ${line}`);
    const turns = await interleave(contendersFor(delay, context), { ...context, say });
    rows.push(...turns.flatMap((tool) => rowsOf(delayName, tool)));
  }
  return {
    title: 'truth: error of reported quantiles against the log of the server, in ms',
    tables: [
      {
        head: ['delay', 'client', 'P50', 'P95', 'P99'],
        rows: rows.map(({ delayName, client, turns }) => [
          delayName,
          client,
          ...cellsOf(turns, (['p50', 'p95', 'p99'] as const).map(signed), 2),
        ]),
      },
    ],
    goals: judgeTruth(rows),
    notes: [
      `${RATE_PER_SECOND}/s for ${SECONDS} s a turn, evenly spaced, on up to ${CONNECTIONS} connections (autocannon: ${CONNECTIONS}, each with its share of the rate), cold starts included; the truth is arrival to last byte handed to the socket, by the server's clock.`,
      'Response time counts from the intended start and holds how late our own timer was, service time from the handing over to the HTTP client; all peers tell the latter.',
      'autocannon by default adds samples for what it calls coordinated omission; with -C it does not. It tells no P95.',
      ...notInstalled(context.peers, ['k6', 'autocannon']),
    ],
  };
};

/** A line of the table. */
export type TruthRow = { delayName: string; client: string; turns: Turns<QuantileErrors> };

function signed(name: QuantileName): (errors: QuantileErrors) => number | null {
  return (errors) => {
    const error = errors[name];
    return error === null ? null : errorMs(error);
  };
}

function rowsOf(delayName: string, tool: Turns<Readings>): TruthRow[] {
  const first = tool.results.find((readings) => readings !== null);
  const clients = first === undefined ? [tool.name] : Object.keys(first ?? {});
  return clients.map((client) => ({
    delayName,
    client,
    turns: { ...tool, results: tool.results.map((readings) => readings?.[client] ?? null) },
  }));
}

function contendersFor(delay: Delay, { peers }: BenchContext): Contender<Readings>[] {
  const { k6, autocannon } = peers;
  const contender = (
    name: string,
    measure: (load: OpenLoad) => Promise<Record<string, Record<QuantileName, number | null>>>,
  ): Contender<Readings> => ({
    name,
    turn: (round) =>
      withServer(
        'delayServer.ts',
        [`--delay=${formatDelay(delay)}`, `--seed=${round + 1}`],
        async ({ url }) => {
          const told = await measure({
            url: `${url}/`,
            ratePerSecond: RATE_PER_SECOND,
            seconds: SECONDS,
            connections: CONNECTIONS,
          });
          const { serviceMs } = log.parse(await readLog(url));
          return Object.fromEntries(
            Object.entries(told).map(([client, ms]) => [client, quantileErrors(ms, serviceMs)]),
          );
        },
      ),
  });
  return [
    contender('ours', async (load) => {
      const { responseMs, serviceMs } = (await oursOpen(load)).report;
      return { [OURS]: responseMs, 'ours, service time': serviceMs };
    }),
    ...(k6 === null
      ? []
      : [
          contender('k6', async (load) => ({
            'k6, http_req_duration': (await k6Open(k6, load)).report.quantilesMs,
          })),
        ]),
    ...(autocannon === null
      ? []
      : [true, false].map((isCorrected) => {
          const name = `autocannon -R${isCorrected ? '' : ' -C'}`;
          return contender(name, async (load) => ({
            [name]: (await autocannonOpen(autocannon, load, { isCorrected })).report.quantilesMs,
          }));
        })),
    contender('Playwright', async (load) => {
      const { wallMs, toldMs } = await playwrightOpen(load);
      return { 'Playwright, clock around it': wallMs, 'Playwright, timing()': toldMs };
    }),
  ];
}

const log = z.object({ serviceMs: z.array(z.number()).min(1) });
