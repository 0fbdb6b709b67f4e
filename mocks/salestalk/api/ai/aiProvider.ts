export type AiProviderName = 'ollama' | 'bedrock';

export type AiCallKind = 'classification' | 'narrative';

export type AiCall = {
  kind: AiCallKind;
  prompt: string;
  /** 0 to 1: how freely the model may choose its words. */
  temperature: number;
  /** W3C trace context for the provider, or null when the caller sent none. */
  traceparent: string | null;
  /** Ends the call and frees its connection. */
  signal: AbortSignal;
};

/** A service that runs a language model. One method call is one HTTP request; failures are `AiCallError`. */
export type AiProvider = {
  readonly name: AiProviderName;
  /** The model's whole answer. */
  complete(call: AiCall): Promise<string>;
  /** The model's answer, chunk by chunk. It ends without an error only if the model said that it was done. */
  stream(call: AiCall): AsyncIterable<string>;
  /** Frees the connections. */
  close(): Promise<void>;
};
