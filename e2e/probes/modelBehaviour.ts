/** How long the model takes, as the AI mock's control listener wants it told. */
export type ModelLatency =
  | { distribution: 'constant'; ms: number }
  | { distribution: 'uniform'; minMs: number; maxMs: number }
  | { distribution: 'logNormal'; medianMs: number; p95Ms: number };

/** What goes wrong with an answer on its way, after the latency. */
export type ModelFault =
  /** The provider's own error, unless there is a body. */
  | { kind: 'status'; status: number; body?: string }
  /** 429. */
  | { kind: 'rateLimit'; retryAfter?: { seconds: number } | { date: { inSeconds: number } } }
  /** The connection is reset, before the first byte or half way through the answer. */
  | { kind: 'reset'; when: 'before' | 'middle' }
  /** No answer ever: the call ends when whoever called leaves. */
  | { kind: 'hang' }
  | { kind: 'trickle'; bytesPerSecond: number }
  /** Half of the answer, then an end without an error. */
  | { kind: 'truncate' };

/** What is wrong with what the model writes. All but `empty` and `huge` leave a narrative alone. */
export type DegradedAnswer =
  | { kind: 'malformedJson' | 'fencedJson' | 'wrongSchema' | 'confidenceOutOfRange' | 'empty' }
  /** 1 MiB unless told. */
  | { kind: 'huge'; sizeBytes?: number };

/** What the model does to the calls that match; for each aspect the first behaviour that has it decides. */
export type ModelBehaviour = {
  /** All parts have to hold. */
  match?: {
    provider?: 'ollama' | 'bedrock';
    kind?: 'classification' | 'narrative';
    /** The first attempts of each request at a kind of call; its later ones are well. */
    attempts?: { first: number };
    /** Of the calls that the rest admits, counted over the scope. */
    calls?: { first: number } | { every: number } | { share: number };
  };
  latency?: ModelLatency;
  stream?: { firstChunk: ModelLatency; betweenChunks: ModelLatency };
  answer?: DegradedAnswer;
  fault?: ModelFault;
};
