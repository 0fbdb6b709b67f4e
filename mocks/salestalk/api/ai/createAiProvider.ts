import type { AiProvider } from './aiProvider.ts';
import type { AiSettings } from './aiSettings.ts';
import { bedrockProvider } from './bedrockProvider.ts';
import { limitAnswers } from './limitAnswers.ts';
import { ollamaProvider } from './ollamaProvider.ts';

export function createAiProvider(settings: AiSettings): AiProvider {
  return limitAnswers(
    settings.provider === 'ollama' ? ollamaProvider(settings) : bedrockProvider(settings),
  );
}
