import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

export type FakeCall = {
  prompt: string;
  stream: boolean;
  traceparent: string | undefined;
  arrivedAtMs: number;
  /** Resolves when the other side hangs up before the answer is complete. */
  aborted: Promise<void>;
};

/** What the fake answers; `chunks` is the streamed form of `text`. */
export type FakeReply = {
  status?: number;
  headers?: Record<string, string>;
  text?: string;
  chunks?: string[];
  betweenMs?: number;
  /** How long the answer takes to begin. */
  afterMs?: number;
  /** Sends no `done: true`. */
  breakOff?: boolean;
  /** Sends this instead of anything else. */
  body?: string;
  /** Resets the connection, before the answer or half way through it, or closes it there. */
  cut?: 'resetBefore' | 'resetMidway' | 'closeMidway';
  /** Never answers. */
  hang?: boolean;
  /** Falls silent after the chunks of a stream. */
  silent?: boolean;
};

export type FakeOllama = {
  url: string;
  calls: FakeCall[];
  /** How the `n`-th call (from 1) is answered from now on. */
  answer: (reply: (call: FakeCall, n: number) => FakeReply) => void;
  close(): Promise<void>;
};

/** A real HTTP server that speaks Ollama's protocol and answers as a test says. */
export async function startFakeOllama(): Promise<FakeOllama> {
  const calls: FakeCall[] = [];
  let reply: (call: FakeCall, n: number) => FakeReply = () => ({});

  const server = createServer(async (request, response) => {
    const { prompt, stream } = JSON.parse(await text(request));
    const aborted = once(response, 'close').then(() => {
      if (!response.writableFinished) return;
      return new Promise<void>(() => {});
    });
    const traceparent = request.headers.traceparent?.toString();
    const call = { prompt, stream, traceparent, arrivedAtMs: performance.now(), aborted };
    calls.push(call);
    const planned = reply(call, calls.length);
    if (!planned.hang) await send(response, planned, stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer(next) {
      reply = next;
      calls.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function send(response: ServerResponse, reply: FakeReply, stream: boolean): Promise<void> {
  const line = (part: string, done: boolean): string =>
    `${JSON.stringify({ model: 'fake', response: part, done })}\n`;
  if (reply.afterMs !== undefined) await setTimeout(reply.afterMs);
  if (reply.cut === 'resetBefore') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status ?? 200, reply.headers);
  if (reply.body !== undefined) {
    response.end(reply.body);
    return;
  }
  if (reply.cut !== undefined) {
    const { socket } = response;
    response.write(line('', false).slice(0, 9), () =>
      reply.cut === 'closeMidway' ? socket?.end() : socket?.resetAndDestroy(),
    );
    return;
  }
  const chunks = reply.chunks ?? [reply.text ?? ''];
  if (!stream) {
    response.end(line(chunks.join(''), true));
    return;
  }
  for (const chunk of chunks) {
    response.write(line(chunk, false));
    if (reply.betweenMs !== undefined) await setTimeout(reply.betweenMs);
  }
  if (!reply.silent) response.end(reply.breakOff ? '' : line('', true));
}

/** A model that answers every prompt as it should. */
export function goodModel({ prompt }: FakeCall): FakeReply {
  return prompt.startsWith('Classify')
    ? { text: classificationText() }
    : { chunks: NARRATIVE_CHUNKS };
}

/** A classification as a good model writes it; `change` overrides its fields. */
export function classificationText(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    intent: 'what',
    subject: 'revenue',
    measure: 'revenue',
    dimension: {},
    time: { period: 'Q3', granularity: 'quarter' },
    confidence: {
      overall: 0.85,
      components: { intent: 0.9, subject: 0.85, measure: 0.85, time: 0.8 },
    },
    ...change,
  });
}

export const NARRATIVE_CHUNKS = ['Revenue in Q3 ', 'was $2.5M', '.'];

/** The time from each call to the next. */
export function gapsMs(calls: readonly { arrivedAtMs: number }[]): number[] {
  return calls
    .slice(1)
    .map(({ arrivedAtMs }, index) => arrivedAtMs - (calls[index]?.arrivedAtMs ?? Number.NaN));
}
