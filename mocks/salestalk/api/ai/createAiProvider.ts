import type { AiProvider } from './aiProvider.ts';
import type { AiSettings } from './aiSettings.ts';
import { bedrockProvider } from './bedrockProvider.ts';
import { limitAnswers } from './limitAnswers.ts';
import { ollamaProvider } from './ollamaProvider.ts';

export function createAiProvider(settings: AiSettings): AiProvider {
  return limitAnswers(clientOf(settings));
}

function clientOf(settings: AiSettings): AiProvider {
  switch (settings.provider) {
    case 'ollama':
      return ollamaProvider(settings);
    case 'bedrock':
      return bedrockProvider(settings);
  }
}
