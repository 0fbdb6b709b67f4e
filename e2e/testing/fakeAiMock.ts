import type { RequestListener, ServerResponse } from 'node:http';
import { parseJson } from '../core/readJson.ts';
import { type FakeServer, fakeServer, readText, sendJson } from '../probes/testing/fakeServer.ts';

export const CONTROL_TOKEN = 'control-token';

/** An entry of the journal, as far as a test cares. */
export type FakeCall = {
  scope: string | null;
  index: number | null;
  kind?: string;
  attempt?: number;
  arrivedAtMs?: number;
  lastByteAtMs?: number | null;
  abortedAtMs?: number | null;
  brokenOffAtMs?: number | null;
  status?: number | null;
  fault?: string | null;
  retryAfterMs?: number | null;
  matchedBy?: 'nonce' | 'traceparent' | null;
  expired?: boolean;
};

/** The control listener of an AI mock, without the mock: a test says which calls it has seen. */
export type FakeAiMock = FakeServer & {
  /** Adds calls to the journal, ended. */
  call(...calls: FakeCall[]): void;
  /** From now on these calls are open, and no others. */
  open(...calls: FakeCall[]): void;
  /** What was asked of it, looks at calls left out: `PUT 5f3a9c1e {"seed":…}`, `POST refuse {"forMs":…}`. */
  asked: string[];
  /** From now on every request is answered 500. */
  break(): void;
};

const ARRIVED_AT_MS = 1_800_000_000_000;

type Entry = { seq: number; scope: string | null };

/** How much later than it said the fake listens again. */
export const REOPENS_LATE_MS = 30;

export async function fakeAiMock(): Promise<FakeAiMock> {
  let journal: Entry[] = [];
  let openCalls: Omit<Entry, 'seq'>[] = [];
  let seq = 0;
  let isBroken = false;
  let refusingUntilMs = 0;
  const asked: string[] = [];
  const known = new Set<string>();
  const listener: RequestListener = async (request, response) => {
    const { method, headers, url = '' } = request;
    const body = await readText(request);
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const [, , scope = '', part] = pathname.split('/');
    if (isBroken || headers.authorization !== `Bearer ${CONTROL_TOKEN}`) {
      return sendJson(response, isBroken ? 500 : 401, { error: 'FAILED', message: 'on purpose' });
    }
    if (pathname === '/status') {
      const memory = { residentBytes: 80e6, heapUsedBytes: 20e6 };
      const refusing = Date.now() < refusingUntilMs;
      return sendJson(response, 200, {
        cpuMs: 100,
        memory,
        eventLoopDelay: { p99Ms: 1 },
        refusing,
      });
    }
    if (pathname === '/listener/refuse') {
      asked.push(`POST refuse ${body}`);
      const { forMs } = parseJson(body) as { forMs: number };
      const untilMs = Date.now() + forMs;
      refusingUntilMs = untilMs + REOPENS_LATE_MS;
      return sendJson(response, 200, { refusedUntil: new Date(untilMs).toISOString() });
    }
    if (method === 'PUT') known.add(scope);
    else if (!known.has(scope)) return sendJson(response, 404, { error: 'SCOPE_UNKNOWN' });
    if (part === 'journal') {
      const after = Number(searchParams.get('after'));
      return sendLines(
        response,
        journal.filter((entry) => entry.seq > after && isOf(scope, entry)),
      );
    }
    if (part === 'open') {
      return sendLines(
        response,
        openCalls.filter((call) => isOf(scope, call)),
      );
    }
    asked.push([method, scope, body].filter((text) => text !== '').join(' '));
    if (method !== 'DELETE') return sendJson(response, 200, { scope });
    known.delete(scope);
    journal = journal.filter((entry) => entry.scope !== scope);
    response.writeHead(204).end();
  };
  const server = await fakeServer(listener);
  return {
    ...server,
    asked,
    call: (...calls) => {
      for (const call of calls) journal.push(toEntry(call, ++seq));
    },
    open: (...calls) => {
      openCalls = calls.map((call) => {
        const { seq: _, ...entry } = toEntry({ lastByteAtMs: null, status: null, ...call }, ++seq);
        return entry;
      });
    },
    break: () => {
      isBroken = true;
    },
  };
}

/** The fake does not keep calls of no scope to itself, so that a test sees them left. */
function isOf(wanted: string, { scope }: Pick<Entry, 'scope'>): boolean {
  return scope === wanted || scope === null;
}

function sendLines(response: ServerResponse, entries: object[]): void {
  response.end(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

function toEntry(call: FakeCall, seq: number): Entry {
  const arrivedAtMs = call.arrivedAtMs ?? ARRIVED_AT_MS + seq;
  const entry = {
    seq,
    kind: 'classification',
    matchedBy: 'nonce',
    attempt: 1,
    arrivedAtMs,
    // The fake SalesTalk answers at once, and no answer is there before the model's.
    lastByteAtMs: arrivedAtMs + 0.125,
    abortedAtMs: null,
    brokenOffAtMs: null,
    status: 200,
    lateMs: 0.1,
    expired: false,
    fault: null,
    retryAfterMs: null,
    ...call,
  };
  return entry;
}
