import { z } from 'zod';
import { HarnessError } from '../core/harnessError.ts';
import { parseJson } from '../core/parseJson.ts';

/** How long the model takes, as the AI mock's control listener wants it told. */
export type ModelLatency =
  | { distribution: 'constant'; ms: number }
  | { distribution: 'uniform'; minMs: number; maxMs: number }
  | { distribution: 'logNormal'; medianMs: number; p95Ms: number };

/** What the model does to the calls that match; for each aspect the first behaviour that has it decides. */
export type ModelBehaviour = {
  match?: {
    provider?: 'ollama' | 'bedrock';
    kind?: 'classification' | 'narrative';
    calls?: { first: number } | { every: number } | { share: number };
  };
  latency?: ModelLatency;
  stream?: { firstChunk: ModelLatency; betweenChunks: ModelLatency };
};

const journalEntry = z.object({
  seq: z.number(),
  scope: z.string().nullable(),
  index: z.number().nullable(),
  kind: z.string(),
  matchedBy: z.enum(['nonce', 'traceparent']).nullable(),
  attempt: z.int().positive(),
  arrivedAtMs: z.number(),
  lastByteAtMs: z.number().nullable(),
  abortedAtMs: z.number().nullable(),
  status: z.number().nullable(),
  lateMs: z.number().nullable(),
  expired: z.boolean(),
});

/** A call of the model as the AI mock's journal has it; times in ms since the epoch by the mock's own clock. */
export type JournalEntry = z.infer<typeof journalEntry>;

const status = z.object({ name: z.literal('ai-mock'), version: z.literal(1) });

/** The AI mock's control listener, which decides what the model does and tells what it was asked. */
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

  /** Sets what calls with this scope's nonce meet. It lasts for a minute unless renewed. */
  async setBehaviours(scope: string, seed: number, behaviours: ModelBehaviour[]): Promise<void> {
    await this.#call('PUT', `/scopes/${scope}`, { seed, behaviours });
  }

  async renew(scope: string): Promise<void> {
    await this.#call('POST', `/scopes/${scope}/renew`);
  }

  /** Calls of the scope that ended after the one numbered `after`, in the order in which they ended. */
  async journal(scope: string, after: number): Promise<JournalEntry[]> {
    const text = await this.#call('GET', `/scopes/${scope}/journal?after=${after}`);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const entry = journalEntry.safeParse(parseJson(line));
      if (entry.success) return entry.data;
      throw this.#error(`a journal with the line ${JSON.stringify(line.slice(0, 200))}`);
    });
  }

  async forget(scope: string): Promise<void> {
    await this.#call('DELETE', `/scopes/${scope}`);
  }

  /** Gives back the body of a good answer. */
  async #call(method: string, path: string, body?: unknown): Promise<string> {
    let answer: { ok: boolean; status: number; text: string };
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      answer = { ok: response.ok, status: response.status, text: await response.text() };
    } catch (error) {
      throw this.#error(`${method} ${path}: ${reasonOf(error)}`);
    }
    if (answer.ok) return answer.text;
    const said = JSON.stringify(answer.text.slice(0, 500));
    throw this.#error(`${method} ${path}: ${answer.status} ${said}`);
  }

  #error(found: string): HarnessError {
    return new HarnessError({
      code: 'AI_MOCK_FAILED',
      summary: 'The AI mock could not be controlled, so what the model did is not known.',
      file: this.#url,
      found,
      expected: "the AI mock's control listener, with the token it was started with",
      remedy:
        'Check AI_MOCK_CONTROL_URL and AI_MOCK_CONTROL_TOKEN, or unset both to have a mock started.',
    });
  }
}

/** `fetch` says no more than that it failed; why is said by the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
