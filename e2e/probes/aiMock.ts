import { Agent, request } from 'undici';
import { z } from 'zod';
import { HarnessError } from '../core/harnessError.ts';
import { parseJson } from '../core/readJson.ts';

/** A journal holds every call since the last request for it: about 200,000 fit. */
const dispatcher = new Agent({ maxResponseSize: 64 * 1024 * 1024 });

const status = z.object({ name: z.literal('ai-mock'), version: z.literal(1) });
const condition = z.object({
  cpuMs: z.number(),
  memory: z.object({ residentBytes: z.number(), heapUsedBytes: z.number() }),
  eventLoopDelay: z.object({ p99Ms: z.number() }).nullable(),
  /** The model's listener is closed. */
  refusing: z.boolean(),
});
const refusal = z.object({ refusedUntil: z.iso.datetime() });

/** A call of the model under way, as the AI mock reports it; times in ms since the epoch by the mock's clock. */
const openCall = z.object({
  scope: z.string().nullable(),
  index: z.number().nullable(),
  kind: z.string(),
  matchedBy: z.enum(['nonce', 'traceparent']).nullable(),
  attempt: z.int().positive(),
  /** Tokens as the mock estimates and reports them. */
  promptTokens: z.number(),
  answerTokens: z.number(),
  arrivedAtMs: z.number(),
  firstByteAtMs: z.number().nullish(),
  /** When the mock sent its last byte: a truncated answer has one too. */
  lastByteAtMs: z.number().nullable(),
  abortedAtMs: z.number().nullable(),
  /** When the mock broke the call off as a fault. */
  brokenOffAtMs: z.number().nullable(),
  status: z.number().nullable(),
  lateMs: z.number().nullable(),
  expired: z.boolean(),
  /** The injected fault, or how the answer was degraded. */
  fault: z.string().nullable(),
  /** The wait that the answer asked the caller for, from the end of the call. */
  retryAfterMs: z.number().nonnegative().nullable(),
});

/** A call that ended, from the AI mock's journal. It has one of last byte, abort and break-off. */
const journalEntry = openCall.extend({ seq: z.number() });

export type OpenCall = z.infer<typeof openCall>;
export type JournalEntry = z.infer<typeof journalEntry>;

export type AiMockCondition = z.infer<typeof condition>;

/** Client of the AI mock's control listener, which sets the model's behaviour and returns its journal. */
export class AiMockControl {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url.replace(/\/$/, '');
    this.#token = token;
  }

  /** @throws HarnessError AI_MOCK_FAILED where no AI mock of this version answers. */
  async check(): Promise<void> {
    const text = await this.#call('GET', '/status');
    if (!status.safeParse(parseJson(text)).success)
      throw this.#error(`${JSON.stringify(text.slice(0, 200))}, which is no AI mock of version 1`);
  }

  /** The mock's process: CPU time and event-loop delay since it started, memory now. */
  async readCondition(): Promise<AiMockCondition> {
    return this.#read(condition, 'GET', '/status');
  }

  /** Sets the behaviour for calls with this scope's nonce. It expires after a minute unless renewed. */
  async setBehaviours(scope: string, seed: number, behaviours: ModelBehaviour[]): Promise<void> {
    await this.#call('PUT', `/scopes/${scope}`, { seed, behaviours });
  }

  async renew(scope: string): Promise<void> {
    await this.#call('POST', `/scopes/${scope}/renew`);
  }

  /** Calls of the scope that ended after the one numbered `after`, in the order in which they ended. */
  async journal(scope: string, after: number): Promise<JournalEntry[]> {
    const text = await this.#call('GET', `/scopes/${scope}/journal?after=${after}`);
    return this.#readLines(text, 'journal', journalEntry);
  }

  /** Calls of the scope that have not ended, in the order in which they arrived. */
  async open(scope: string): Promise<OpenCall[]> {
    const text = await this.#call('GET', `/scopes/${scope}/open`);
    return this.#readLines(text, 'list of open calls', openCall);
  }

  /**
   * Closes the model's listener for 1 to 60,000 ms and resets calls under way. Resolves when it is closed, with the end in ms since
   * the epoch by the mock's clock. A further call replaces the time.
   */
  async refuse(forMs: number): Promise<{ refusedUntilMs: number }> {
    const { refusedUntil } = await this.#read(refusal, 'POST', '/listener/refuse', { forMs });
    return { refusedUntilMs: Date.parse(refusedUntil) };
  }

  async forget(scope: string): Promise<void> {
    await this.#call('DELETE', `/scopes/${scope}`);
  }

  #readLines<T>(text: string, what: string, schema: z.ZodType<T>): T[] {
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const entry = schema.safeParse(parseJson(line));
      if (entry.success) return entry.data;
      throw this.#error(`a ${what} with the line ${JSON.stringify(line.slice(0, 200))}`);
    });
  }

  async #read<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> {
    const text = await this.#call(method, path, body);
    const answer = schema.safeParse(parseJson(text));
    if (answer.success) return answer.data;
    throw this.#error(`${JSON.stringify(text.slice(0, 200))} in answer to ${method} ${path}`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<string> {
    let status: number;
    let text: string;
    try {
      const response = await request(`${this.#url}${path}`, {
        dispatcher,
        method,
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      });
      status = response.statusCode;
      text = await response.body.text();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw this.#error(`${method} ${path}: ${code ?? message}`);
    }
    if (status >= 200 && status < 300) return text;
    throw this.#error(`${method} ${path}: ${status} ${JSON.stringify(text.slice(0, 500))}`);
  }

  #error(found: string): HarnessError {
    return new HarnessError({
      code: 'AI_MOCK_FAILED',
      summary: 'The AI mock could not be controlled, so what the model did is not known.',
      file: this.#url,
      found,
      expected: "the AI mock's control listener, with the token it was started with",
      remedy:
        'Check AI_MOCK_CONTROL_URL and AI_MOCK_CONTROL_TOKEN. Or set AI_MOCK_PORT instead of them: a mock is then started there, for the deployment to be pointed at.',
    });
  }
}

/** How long the model takes, in the form of the AI mock's control listener. */
export type ModelLatency =
  | { distribution: 'constant'; ms: number }
  | { distribution: 'uniform'; minMs: number; maxMs: number }
  | { distribution: 'logNormal'; medianMs: number; p95Ms: number };

/** A fault of the transport, after the latency. */
type ModelFault =
  /** With the provider's own error body unless `body` is given. */
  | { kind: 'status'; status: number; body?: string }
  | { kind: 'rateLimit'; retryAfter?: { seconds: number } | { date: { inSeconds: number } } }
  /** Resets the connection before the first byte or half way through the answer. */
  | { kind: 'reset'; when: 'before' | 'middle' }
  /** Never answers: the call ends when the caller disconnects. */
  | { kind: 'hang' }
  | { kind: 'trickle'; bytesPerSecond: number }
  /** Half of the answer, then an end without an error. */
  | { kind: 'truncate' };

/** A fault of the model's text. All but `empty` and `huge` leave a narrative alone. */
type DegradedAnswer =
  | { kind: 'malformedJson' | 'fencedJson' | 'wrongSchema' | 'confidenceOutOfRange' | 'empty' }
  /** 1 MiB by default. */
  | { kind: 'huge'; sizeBytes?: number };

/** The model's behaviour for matching calls; the first behaviour that sets an aspect decides it. */
export type ModelBehaviour = {
  match?: {
    provider?: 'ollama' | 'bedrock';
    kind?: 'classification' | 'narrative';
    /** The first attempts of each request at a kind of call. */
    attempts?: { first: number };
    /** Of the calls that match otherwise, counted over the scope. */
    calls?: { first: number } | { every: number } | { share: number };
  };
  latency?: ModelLatency;
  stream?: { firstChunk: ModelLatency; betweenChunks: ModelLatency };
  answer?: DegradedAnswer;
  fault?: ModelFault;
};

/** A model that always takes the same time: for a whole answer, or for the pieces of a streamed one. */
export function constantModel(
  ms: Record<'latencyMs' | 'firstChunkMs' | 'betweenChunksMs', number>,
): ModelBehaviour {
  const constant = (ms: number): ModelLatency => ({ distribution: 'constant', ms });
  return {
    latency: constant(ms.latencyMs),
    stream: { firstChunk: constant(ms.firstChunkMs), betweenChunks: constant(ms.betweenChunksMs) },
  };
}
