import type { RequestListener, ServerResponse } from 'node:http';
import { parseJson } from '../core/readJson.ts';
import { type FakeServer, fakeServer, readText, sendJson } from '../probes/testing/fakeServer.ts';

export const CONTROL_TOKEN = 'control-token';

/** The parts of a journal entry that a test may set. */
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

/** The control listener of an AI mock without the mock: a test adds the calls that it reports. */
export type FakeAiMock = FakeServer & {
  /** Adds calls that have ended to the journal. */
  call(...calls: FakeCall[]): void;
  /** From now on these calls are open, and no others. */
  open(...calls: FakeCall[]): void;
  /** The requests, without those that read calls: `PUT 5f3a9c1e {"seed":…}`, `POST refuse {"forMs":…}`. */
  asked: string[];
  /** From now on every request is answered 500. */
  break(): void;
};

const ARRIVED_AT_MS = 1_800_000_000_000;

type Entry = { seq: number; scope: string | null };

/** The fake listens again this much later than it announced. */
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
      const load = { cpuMs: 100, memory, eventLoopDelay: { p99Ms: 1 } };
      return sendJson(response, 200, { ...load, refusing: Date.now() < refusingUntilMs });
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
      const entries = journal.filter((entry) => entry.seq > after);
      return sendLines(response, scope, entries);
    }
    if (part === 'open') return sendLines(response, scope, openCalls);
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

/** Calls without a scope are shown to every scope, so that a test can see how they are left out. */
function sendLines(
  response: ServerResponse,
  wanted: string,
  entries: Pick<Entry, 'scope'>[],
): void {
  const shown = entries.filter(({ scope }) => scope === wanted || scope === null);
  response.end(shown.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

function toEntry(call: FakeCall, seq: number) {
  const arrivedAtMs = call.arrivedAtMs ?? ARRIVED_AT_MS + seq;
  return {
    seq,
    kind: 'classification',
    matchedBy: 'nonce',
    promptTokens: 100,
    answerTokens: 10,
    attempt: 1,
    arrivedAtMs,
    // The fake SalesTalk answers at once, but never before the model.
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
}
