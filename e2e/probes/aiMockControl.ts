import { z } from 'zod';
import { HarnessError } from '../core/harnessError.ts';

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
    const answer = await this.#call('GET', '/status');
    if (!status.safeParse(await answer.json()).success)
      throw this.#error('an answer that is not an AI mock of version 1');
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
    const answer = await this.#call('GET', `/scopes/${scope}/journal?after=${after}`);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => journalEntry.parse(JSON.parse(line)));
  }

  async forget(scope: string): Promise<void> {
    await this.#call('DELETE', `/scopes/${scope}`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(`${this.#url}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
    } catch (error) {
      throw this.#error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
    if (!answer.ok) throw this.#error(`${answer.status} ${(await answer.text()).slice(0, 500)}`);
    return answer;
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
