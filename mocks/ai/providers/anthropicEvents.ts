import type { ModelAnswer } from '../aiModel.ts';
import { countTokens } from './countTokens.ts';

/** The events that are due together, milliseconds since the epoch. */
export type DueEvents = { dueAtMs: number; events: object[] };

/**
 * An answer as Anthropic's messages stream: the opening events come with the first piece of text and the closing ones
 * with the last, so that first and last byte are what the plan says.
 */
export function anthropicEvents(options: {
  answer: ModelAnswer;
  arrivedAtMs: number;
  messageId: string;
  model: string;
  inputTokens: number;
}): DueEvents[] {
  const { answer, arrivedAtMs, messageId, model, inputTokens } = options;
  const outputTokens = countTokens(answer.text);
  const firstDueAtMs = answer.pieces[0]?.dueAtMs ?? answer.dueAtMs;
  const opening = [
    {
      type: 'message_start',
      message: {
        id: messageId,
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: inputTokens, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ];
  const closing = [
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: outputTokens },
    },
    {
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: inputTokens,
        outputTokenCount: outputTokens,
        invocationLatency: Math.round(answer.dueAtMs - arrivedAtMs),
        firstByteLatency: Math.round(firstDueAtMs - arrivedAtMs),
      },
    },
  ];
  return answer.pieces.map(({ text, dueAtMs }, position) => ({
    dueAtMs,
    events: [
      ...(position === 0 ? opening : []),
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
      ...(position === answer.pieces.length - 1 ? closing : []),
    ],
  }));
}
