import { setTimeout as sleep } from 'node:timers/promises';
import { StallTimes } from '../core/record/setAside.ts';
import type { Draw } from '../core/statistics/seededDraw.ts';
import { sendOnSchedule } from '../engine/sendOnSchedule.ts';
import { LOOK_EVERY, MAX_PAIRS } from '../history/compareVersions.ts';
import type { AiMockControl, JournalEntry } from '../probes/aiMock.ts';
import { type Disturbance, watchDisturbances } from '../probes/selfMonitor.ts';
import type { ObservedRequest } from '../salestalk/observeRequest.ts';
import { QUESTIONS } from '../salestalk/questions.ts';
import { refuseRejectedToken } from '../setup/tokens.ts';
import { refuseExpired } from '../workloads/modelCalls.ts';
import { nowEpochMs } from '../workloads/recordWorkload.ts';
import { type MeasuredRequest, type Pair, SIDES, type SideName } from './metrics.ts';
import type { OpenSide } from './openSides.ts';
import { comparisonInvalid } from './sides.ts';

/** Requests of a block: of blocks of five of each operation the median is robust, and the machine drifts little meanwhile. */
const BLOCK = Array.from({ length: 10 }, (_, at) =>
  at % 2 === 0 ? ('chat' as const) : ('classify' as const),
);
export const REQUESTS_PER_BLOCK = { mocked: 2 * BLOCK.length, real: BLOCK.length };
/** Of a real model: one call for each classify, two for each chat. */
export const CALLS_PER_BLOCK = 15;

/** The waits for the model overlap, and the work of SalesTalk, some 1 ms a step, mostly does not. */
const SEND_EVERY_MS = 6;
/** A gateway in front of SalesTalk waits no longer. */
const PATIENCE_MS = 30_000;
/** The journal notes the end of a call a little after SalesTalk received the answer. */
const JOURNAL_LATE_MS = 50;
/** A side that fails more requests is not compared: what is fast to fail is not fast. */
const MOST_FAILURES = 5;

export type PairsOptions = {
  sides: Record<SideName, OpenSide>;
  aiMock: AiMockControl | null;
  scopes: Record<SideName, string>;
  /** Of the requests that are sent one at a time, whose model answers at once; null: a real model, so there are none. */
  sequentialScopes: Record<SideName, string> | null;
  tenants: readonly string[];
  /** Decides which side of a pair comes first. */
  draw: Draw;
  /** Number of the first block, so that no request has the index of another. */
  firstBlock: number;
  /** Of both sides together; null: as fast as it is good for measuring. */
  maxRequestsPerSecond: number | null;
  /** Most pairs to send, those that are dropped included. */
  maxSent: number;
  /** No pair begins after this; ms since the epoch. */
  untilMs: number;
  isClear: (pairs: readonly Pair[]) => boolean;
  /** Whether requests one at a time can show nothing more. */
  isSequentialClear: (pairs: readonly Pair[]) => boolean;
  onProgress: (done: number) => void;
};

export type MeasuredPairs = {
  pairs: Pair[];
  /** Pairs with a failed request of either side. */
  failed: number;
  /** Pairs during which the harness stalled or had no CPU. */
  disturbed: number;
  failures: Record<SideName, number>;
  /** All was clear before there were MAX_PAIRS or the time was over. */
  endedEarly: boolean;
};

type Asked = { operation: MeasuredRequest['operation']; index: number; observed: ObservedRequest };
type AskedBlock = Record<'requests' | 'sequential', Asked[]>;
type SentPair = { fromMs: number; untilMs: number; asked: Record<SideName, AskedBlock> };

type PairSides = Pick<
  PairsOptions,
  'sides' | 'scopes' | 'sequentialScopes' | 'tenants' | 'maxRequestsPerSecond'
>;

/**
 * Sends blocks that do not count, this many to each process.
 * @returns the sides of which the AI mock saw no call
 * @throws HarnessError as `measurePairs` does
 */
export async function warmUp(
  blocks: number,
  options: PairSides & Pick<PairsOptions, 'aiMock'>,
): Promise<SideName[]> {
  const failures = { baseline: 0, candidate: 0 };
  for (let block = 0; block < blocks; block++) {
    const processes = Math.max(...SIDES.map((name) => options.sides[name].apis.length));
    const pairs = Array.from({ length: processes }, (_, at) =>
      askPair(SIDES, block * processes + at, options, failures),
    );
    await Promise.all(pairs);
  }
  await sleep(JOURNAL_LATE_MS);
  const calls = await journalReader(options)();
  return SIDES.filter((name) => !calls.has(options.scopes[name]));
}

/**
 * Measures pairs of blocks, one block after the other in random order, until all is clear, the time is over, or there are MAX_PAIRS.
 * @throws HarnessError COMPARISON_INVALID with the side that failed or ended, AI_MOCK_FAILED, TOKEN_INVALID
 */
export async function measurePairs(options: PairsOptions): Promise<MeasuredPairs> {
  const { draw, firstBlock, maxSent, untilMs } = options;
  const disturbances: Disturbance[] = [];
  const watch = watchDisturbances((one) => disturbances.push(one));
  const readCalls = journalReader(options);
  const result: MeasuredPairs = {
    pairs: [],
    failed: 0,
    disturbed: 0,
    failures: { baseline: 0, candidate: 0 },
    endedEarly: false,
  };
  const { pairs, failures } = result;
  try {
    let sent = 0;
    let { sequentialScopes } = options;
    while (!result.endedEarly) {
      const round: SentPair[] = [];
      const most = Math.min(LOOK_EVERY, MAX_PAIRS - pairs.length, maxSent - sent);
      while (round.length < most && (sent === 0 || nowEpochMs() < untilMs)) {
        const order = draw() < 0.5 ? SIDES : SIDES.toReversed();
        const fromMs = nowEpochMs();
        const sides = { ...options, sequentialScopes };
        const asked = await askPair(order, firstBlock + sent, sides, failures);
        round.push({ fromMs, untilMs: nowEpochMs(), asked });
        sent += 1;
      }
      if (round.length === 0) break;
      await sleep(JOURNAL_LATE_MS);
      watch.check();
      const calls = await readCalls();
      const stalls = new StallTimes(disturbances);
      for (const one of round) {
        if (SIDES.some((name) => failuresOf(one.asked[name]).length > 0)) {
          result.failed += 1;
        } else if (stalls.between(one.fromMs, one.untilMs) > 0) {
          result.disturbed += 1;
        } else {
          pairs.push(buildPair(one, calls, options));
        }
      }
      options.onProgress(pairs.length);
      if (options.isSequentialClear(pairs)) sequentialScopes = null;
      result.endedEarly = pairs.length < MAX_PAIRS && options.isClear(pairs);
    }
    return result;
  } finally {
    watch.end();
  }
}

/**
 * Asks both sides the same questions: ten in quick succession, one side after the other; then ten one at a time, the sides in turns, so that
 * both meet the machine at the same speed. Equal blocks have equal tenants and indexes too, and so equal latencies of the model.
 */
async function askPair(
  order: readonly SideName[],
  block: number,
  options: PairSides,
  failures: Record<SideName, number>,
): Promise<SentPair['asked']> {
  const { scopes, sequentialScopes, maxRequestsPerSecond } = options;
  const leastMs = 1000 / (maxRequestsPerSecond ?? Number.POSITIVE_INFINITY);
  const everyMs = Math.max(SEND_EVERY_MS, leastMs);
  const items = BLOCK.map((operation, at) => ({ operation, index: block * BLOCK.length + at }));
  const asked = {
    baseline: { requests: [], sequential: [] } as AskedBlock,
    candidate: { requests: [], sequential: [] } as AskedBlock,
  };
  for (const name of order) {
    const { requests } = asked[name];
    await sendOnSchedule({
      schedule: items.map((item, at) => ({ dueMs: at * everyMs, item })),
      send: async (item) => void requests.push(await ask(name, block, item, scopes, options)),
    });
  }
  for (const item of sequentialScopes === null ? [] : items) {
    for (const name of order) {
      const pause = leastMs > 0 ? sleep(leastMs) : null;
      asked[name].sequential.push(await ask(name, block, item, sequentialScopes, options));
      await pause;
    }
  }
  for (const name of order) await refuseFailing(options.sides[name], asked[name], failures);
  return asked;
}

async function ask(
  name: SideName,
  block: number,
  item: Pick<Asked, 'operation' | 'index'>,
  scopes: Record<SideName, string> | null,
  { sides, tenants }: PairSides,
): Promise<Asked> {
  const { apis } = sides[name];
  const { operation, index } = item;
  const tenant = tenants[index % tenants.length] as string;
  const question = QUESTIONS[index % QUESTIONS.length] as string;
  const place = { scope: scopes?.[name] ?? '', index };
  const api = apis[block % apis.length] ?? apis[0];
  const observed = await api.ask(operation, { tenant, question, place, patienceMs: PATIENCE_MS });
  refuseRejectedToken({ status: observed.status, tenant, operation });
  return { ...item, observed };
}

/** Counts the failures of a block. @throws HarnessError COMPARISON_INVALID for too many, or if the side has ended */
async function refuseFailing(
  { name, ended }: OpenSide,
  asked: AskedBlock,
  failures: Record<SideName, number>,
): Promise<void> {
  const found = failuresOf(asked);
  failures[name] += found.length;
  if (failures[name] <= MOST_FAILURES && ended() === null) return;
  // A process that dies breaks its connections before its end is known.
  await sleep(200);
  throw comparisonInvalid({
    summary: `The ${name} failed, so the comparison ends here.`,
    found: ended() ?? `${failures[name]} failed requests, such as ${found[0] ?? 'none'}`,
    expected: `at most ${MOST_FAILURES} failed requests of each side`,
    remedy: `Repair the ${name} first: npm run smoke shows what it answers.`,
  });
}

/** Why requests do not count: they failed, or their answers are wrong. */
function failuresOf({ requests, sequential }: AskedBlock): string[] {
  return [...requests, ...sequential].flatMap(({ operation, observed }) => {
    const found = observed.failure ?? observed.objection;
    return found === null ? [] : [`${operation}: ${found}`];
  });
}

function buildPair({ asked }: SentPair, calls: Calls, options: PairSides): Pair {
  const measure = (scope: string | undefined) => (one: Asked) =>
    measureRequest(one, calls.get(scope)?.get(one.index) ?? []);
  const blockOf = (name: SideName) => ({
    requests: asked[name].requests.map(measure(options.scopes[name])),
    sequential: asked[name].sequential.map(measure(options.sequentialScopes?.[name])),
    page: null,
  });
  return { baseline: blockOf('baseline'), candidate: blockOf('candidate') };
}

type EndedCall = Pick<JournalEntry, 'kind' | 'arrivedAtMs' | 'promptTokens' | 'answerTokens'> & {
  endedAtMs: number;
};

/** What a request shows together with its calls of the model. */
export function measureRequest(
  { operation, observed }: Asked,
  calls: readonly EndedCall[],
): MeasuredRequest {
  const { sentAtMs, values } = observed;
  const { latencyMs = Number.NaN } = values;
  const sumOf = (amount: (call: EndedCall) => number) =>
    calls.reduce((sum, call) => sum + amount(call), 0);
  const classified = calls.filter(({ kind }) => kind === 'classification');
  const classifiedAtMs = Math.max(sentAtMs, ...classified.map(({ endedAtMs }) => endedAtMs));
  return {
    operation,
    latencyMs,
    narrativeMs: sentAtMs + latencyMs - classifiedAtMs,
    ownMs: latencyMs - sumOf(({ endedAtMs, arrivedAtMs }) => endedAtMs - arrivedAtMs),
    calls: calls.length,
    tokens: sumOf(({ promptTokens, answerTokens }) => promptTokens + answerTokens),
  };
}

/** By scope and index. */
type Calls = Map<string | undefined, Map<number, EndedCall[]>>;

/** Reads what is new in the AI mock's journal. The returned function throws HarnessError AI_MOCK_FAILED. */
function journalReader({
  aiMock,
  scopes,
  sequentialScopes,
}: Pick<PairsOptions, 'aiMock' | 'scopes' | 'sequentialScopes'>) {
  const after = new Map<string, number>();
  return async (): Promise<Calls> => {
    const calls: Calls = new Map();
    for (const scope of [...Object.values(scopes), ...Object.values(sequentialScopes ?? {})]) {
      const entries = (await aiMock?.journal(scope, after.get(scope) ?? 0)) ?? [];
      entries.forEach(refuseExpired);
      const last = entries.at(-1);
      if (last === undefined) continue;
      after.set(scope, last.seq);
      const ended = entries.flatMap((entry) => {
        const endedAtMs = entry.lastByteAtMs ?? entry.abortedAtMs ?? entry.brokenOffAtMs;
        return endedAtMs === null ? [] : [{ ...entry, endedAtMs }];
      });
      calls.set(
        scope,
        Map.groupBy(ended, ({ index }) => index ?? -1),
      );
    }
    return calls;
  };
}
