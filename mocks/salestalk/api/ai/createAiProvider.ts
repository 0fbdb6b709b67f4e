import type { AiProvider } from './aiProvider.ts';
import type { AiSettings } from './aiSettings.ts';
import { bedrockProvider } from './bedrockProvider.ts';
import { ollamaProvider } from './ollamaProvider.ts';

export function createAiProvider(settings: AiSettings): AiProvider {
  return settings.provider === 'ollama' ? ollamaProvider(settings) : bedrockProvider(settings);
}
