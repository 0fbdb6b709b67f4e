import { z } from 'zod';
import type { AiCall } from './aiProvider.ts';

/** The body of a call to a Claude model on Bedrock (Anthropic messages). */
export function anthropicRequest(call: AiCall): object {
  return {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 1024,
    temperature: call.temperature,
    messages: [{ role: 'user', content: [{ type: 'text', text: call.prompt }] }],
  };
}

/** Its whole answer; parts that are not text are an error. */
export const anthropicMessageSchema = z.object({
  content: z.array(z.object({ type: z.literal('text'), text: z.string() })).min(1),
});

/** One event of its streamed answer; kinds other than these two carry no text. */
export const anthropicEventSchema = z.union([
  z.object({
    type: z.literal('content_block_delta'),
    delta: z.object({ type: z.literal('text_delta'), text: z.string() }),
  }),
  z.object({ type: z.string() }),
]);
