import type { BedrockOptions } from './bedrockProvider.ts';

/** Which model SalesTalk calls, and where. */
export type AiSettings =
  | { provider: 'ollama'; baseUrl: string; model: string }
  | ({ provider: 'bedrock' } & BedrockOptions);
