import type { Benchmark } from '../benchmark.ts';
import { interleave, type Turns } from '../interleave.ts';
import { notInstalled } from '../peers/findPeers.ts';
import type { Delay } from '../servers/delay.ts';
import { cellsOf } from '../table/cells.ts';
import { contendersFor, LOAD, type Readings } from './contenders.ts';
import { judgeTruth } from './judgeTruth.ts';
import { errorMs, type QuantileErrors, type QuantileName } from './quantileErrors.ts';

const DELAYS: Record<string, Delay> = {
  'constant, 50 ms': { kind: 'constant', ms: 50 },
  'log-normal, P50 50 ms, P95 150 ms': { kind: 'logNormal', medianMs: 50, p95Ms: 150 },
  'bimodal, 90 % 20 ms, 10 % 200 ms': { kind: 'bimodal', ms: 20, slowMs: 200, slowShare: 0.1 },
};

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
      `${LOAD.ratePerSecond}/s for ${LOAD.seconds} s a turn after ${LOAD.warmUpSeconds} s thrown away, evenly spaced, on up to ${LOAD.connections} connections (autocannon: ${LOAD.connections}, each with its share of the rate, in bursts). The truth is arrival to last byte handed to the socket, by the server's clock, of the same requests.`,
      'Response time counts from the intended start and holds how late our own timer was, service time from the handing over to the HTTP client, which looks at an idle connection for a turn of the event loop before it writes to it; k6 tells the time from the writing on.',
      'autocannon with -C, without the samples that it adds for coordinated omission; how it tells with them is shown for one delay. It tells no P95.',
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
  const clients = first === undefined ? [tool.name] : Object.keys(first as Readings);
  return clients.map((client) => ({
    delayName,
    client,
    turns: { ...tool, results: tool.results.map((readings) => readings?.[client] ?? null) },
  }));
}
