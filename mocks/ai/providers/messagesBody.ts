import { z } from 'zod';

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);

/** The part of Anthropic's messages body that a model reads; the rest (max_tokens, temperature, …) is let through. */
export const messagesBodySchema = z.object({
  system: contentSchema.default(''),
  messages: z
    .array(z.object({ role: z.enum(['user', 'assistant']), content: contentSchema }))
    .min(1),
});

/** All text of a messages body, system first, in order. */
export function promptOfMessages({ system, messages }: z.infer<typeof messagesBodySchema>): string {
  return [system, ...messages.map((message) => message.content)].map(textOf).join('\n\n');
}

function textOf(content: z.infer<typeof contentSchema>): string {
  if (typeof content === 'string') return content;
  return content.flatMap((block) => block.text ?? []).join('\n');
}
