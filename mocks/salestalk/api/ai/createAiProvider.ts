import { AiCallError, type AiProvider } from './aiProvider.ts';
import { type BedrockOptions, createBedrockProvider } from './bedrockProvider.ts';
import { createOllamaProvider } from './ollamaProvider.ts';

export type AiSettings =
  | { provider: 'ollama'; baseUrl: string; model: string }
  | ({ provider: 'bedrock' } & BedrockOptions);

export function createAiProvider(settings: AiSettings): AiProvider {
  return limitAnswers(
    settings.provider === 'ollama'
      ? createOllamaProvider(settings)
      : createBedrockProvider(settings),
  );
}

/** About ten times the length that any prompt asks for. */
export const MAX_ANSWER_CHARACTERS = 64 * 1024;

/** A provider with answers of bounded length: a longer one is `malformed` and ends its call. */
export function limitAnswers(provider: AiProvider): AiProvider {
  const checkLength = (characters: number): void => {
    if (characters > MAX_ANSWER_CHARACTERS) {
      throw new AiCallError('malformed', 'the model wrote far more than it was asked for');
    }
  };
  return {
    ...provider,
    async complete(call) {
      const text = await provider.complete(call);
      checkLength(text.length);
      return text;
    },
    async *stream(call) {
      let characters = 0;
      for await (const chunk of provider.stream(call)) {
        characters += chunk.length;
        checkLength(characters);
        yield chunk;
      }
    },
  };
}
