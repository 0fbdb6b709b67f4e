import type { ResponseStream } from '@aws-sdk/client-bedrock-runtime';
import { AiCallError } from './aiCallError.ts';
import { anthropicEventSchema } from './anthropicMessages.ts';
import { bedrockFailure } from './bedrockFailure.ts';
import { parseProviderJson } from './parseProviderJson.ts';

/** The text in an AWS event stream of Anthropic events, as it comes. Ends normally only after `message_stop`. */
export async function* bedrockStreamText(
  events: AsyncIterable<ResponseStream>,
): AsyncGenerator<string> {
  const iterator = events[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let stopped = false;
  try {
    for (;;) {
      const next = await bedrockFailure(() => iterator.next());
      if (next.done) break;
      const bytes = next.value.chunk?.bytes;
      if (bytes === undefined) continue;
      const event = parseProviderJson(decoder.decode(bytes), anthropicEventSchema);
      // An empty piece is nothing that a reader could have seen.
      if ('delta' in event && event.delta.text !== '') yield event.delta.text;
      stopped ||= event.type === 'message_stop';
    }
  } finally {
    await iterator.return?.();
  }
  if (!stopped) throw new AiCallError('network', 'the stream ended before message_stop');
}
