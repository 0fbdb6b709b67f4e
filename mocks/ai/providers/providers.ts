import { bedrock } from './bedrock.ts';
import { ollama } from './ollama.ts';
import type { Provider } from './provider.ts';

/** The model providers that SalesTalk calls, by the name that behaviours match and the journal gives. */
export const PROVIDERS = { ollama, bedrock } satisfies Record<string, Provider>;

export type ProviderName = keyof typeof PROVIDERS;
export const PROVIDER_NAMES = Object.keys(PROVIDERS) as ProviderName[];
