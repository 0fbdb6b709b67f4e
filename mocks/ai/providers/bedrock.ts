import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { HttpResponse, http } from 'msw/http';
import { z } from 'zod';
import { readJsonBody } from '../../readInput.ts';
import type { ProviderError } from '../faults/faults.ts';
import { findCall } from '../journal/call.ts';
import {
  countTokens,
  jsonHeaders,
  type Model,
  type ModelAnswer,
  type Provider,
  respond,
} from './provider.ts';

/** Amazon Bedrock's InvokeModel and InvokeModelWithResponseStream for Anthropic's messages. Source: Amazon Bedrock's API reference. */
export const bedrock: Provider = {
  handlers: (aiModel) => [
    http.post<{ modelId: string }>('*/model/:modelId/invoke', ({ request, params }) =>
      invokeModel(aiModel, request, { ...params, streamed: false }),
    ),
    http.post<{ modelId: string }>(
      '*/model/:modelId/invoke-with-response-stream',
      ({ request, params }) => invokeModel(aiModel, request, { ...params, streamed: true }),
    ),
  ],

  exampleCall: (prompt, streamed) => ({
    path: `/model/m/invoke${streamed ? '-with-response-stream' : ''}`,
    body: JSON.stringify({ messages: [{ role: 'user', content: prompt }] }),
  }),
};

async function invokeModel(
  aiModel: Model,
  request: Request,
  { modelId, streamed }: { modelId: string; streamed: boolean },
) {
  const call = findCall(request);
  const requestId = randomUUID();
  const body = await readJsonBody(request, messagesBodySchema);
  if ('problem' in body) {
    const { headers } = bedrockError(400, requestId);
    return HttpResponse.json({ message: body.problem }, { status: 400, headers });
  }
  const prompt = joinMessages(body.value);
  const answer = aiModel.answer(call, {
    provider: 'bedrock',
    model: modelId,
    prompt,
    streamed,
    traceparent: request.headers.get('traceparent'),
  });
  const options = { call, answer, buildError: (status: number) => bedrockError(status, requestId) };
  const usage = { input_tokens: countTokens(prompt), output_tokens: countTokens(answer.text) };
  const message = {
    id: `msg_bdrk_${requestId}`,
    type: 'message',
    role: 'assistant',
    model: modelId,
    content: [{ type: 'text', text: answer.text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage,
  };
  if (streamed) {
    const headers = {
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-bedrock-content-type': 'application/json',
      'x-amzn-requestid': requestId,
    };
    return respond({ headers, pieces: eventStream(message, answer, call.arrivedAtMs) }, options);
  }
  const bytes = Buffer.from(JSON.stringify(message));
  const headers = {
    ...jsonHeaders(bytes),
    'x-amzn-requestid': requestId,
    'x-amzn-bedrock-input-token-count': String(usage.input_tokens),
    'x-amzn-bedrock-output-token-count': String(usage.output_tokens),
    'x-amzn-bedrock-invocation-latency': String(Math.round(answer.dueAtMs - call.arrivedAtMs)),
  };
  return respond({ headers, pieces: [{ dueAtMs: answer.dueAtMs, bytes }] }, options);
}

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);

/** The part of Anthropic's messages body that a model reads. The rest (max_tokens, temperature, …) is accepted unread. */
const messagesBodySchema = z.object({
  system: contentSchema.default(''),
  messages: z
    .array(z.object({ role: z.enum(['user', 'assistant']), content: contentSchema }))
    .min(1),
});

/** All text of a messages body, system first, in order. */
function joinMessages({ system, messages }: z.infer<typeof messagesBodySchema>): string {
  return [system, ...messages.map((message) => message.content)].map(joinBlocks).join('\n\n');
}

function joinBlocks(content: z.infer<typeof contentSchema>): string {
  if (typeof content === 'string') return content;
  return content.flatMap((block) => block.text ?? []).join('\n');
}

type Usage = { input_tokens: number; output_tokens: number };

/**
 * An answer as Anthropic's messages stream: the opening events come with the first piece of text and the closing ones
 * with the last, so that first and last byte are what the plan says.
 */
function eventStream(
  message: { stop_reason: string; usage: Usage },
  answer: ModelAnswer,
  arrivedAtMs: number,
) {
  const { usage } = message;
  const firstDueAtMs = answer.pieces[0]?.dueAtMs ?? answer.dueAtMs;
  const begun = {
    ...message,
    content: [],
    stop_reason: null,
    usage: { ...usage, output_tokens: 1 },
  };
  const opening = [
    { type: 'message_start', message: begun },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ];
  const closing = [
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: message.stop_reason, stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    },
    {
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: usage.input_tokens,
        outputTokenCount: usage.output_tokens,
        invocationLatency: Math.round(answer.dueAtMs - arrivedAtMs),
        firstByteLatency: Math.round(firstDueAtMs - arrivedAtMs),
      },
    },
  ];
  return answer.pieces.map(({ text, dueAtMs }, position) => {
    const events = [
      ...(position === 0 ? opening : []),
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
      ...(position === answer.pieces.length - 1 ? closing : []),
    ];
    return { dueAtMs, bytes: Buffer.concat(events.map(eventStreamChunk)) };
  });
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)),
  (text) => encoder.encode(text),
);
const CHUNK_HEADERS = {
  ':event-type': { type: 'string', value: 'chunk' },
  ':content-type': { type: 'string', value: 'application/json' },
  ':message-type': { type: 'string', value: 'event' },
} as const;

/** One event of a model's stream as Bedrock wraps it: a `chunk` message of AWS's event stream, the event base64-encoded in `bytes`. */
function eventStreamChunk(event: object): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(event)).toString('base64');
  return codec.encode({ headers: CHUNK_HEADERS, body: encoder.encode(JSON.stringify({ bytes })) });
}

/** Source: errors of InvokeModel, Amazon Bedrock's API reference. A 502 or 504, which a gateway sends, has no type. */
const ERRORS: Record<number, { type: string; message: string }> = {
  400: { type: 'ValidationException', message: 'The input does not satisfy the constraints.' },
  403: { type: 'AccessDeniedException', message: 'You have no access to this model.' },
  404: { type: 'ResourceNotFoundException', message: 'There is no such model.' },
  408: { type: 'ModelTimeoutException', message: 'The model took too long.' },
  424: { type: 'ModelErrorException', message: 'The model failed on this request.' },
  429: { type: 'ThrottlingException', message: 'Too many requests, wait before trying again.' },
  500: { type: 'InternalServerException', message: 'An internal server error occurred.' },
  503: { type: 'ServiceUnavailableException', message: 'The service is not available for now.' },
};

/** An error as Bedrock words it: a `message`, and its type in the header from which AWS's SDKs make an exception. */
function bedrockError(status: number, requestId: string): ProviderError {
  const { type, message } = ERRORS[status] ?? { type: null, message: `Status ${status}.` };
  return {
    headers: {
      'x-amzn-requestid': requestId,
      ...(type === null ? {} : { 'x-amzn-errortype': type }),
    },
    body: JSON.stringify({ message }),
  };
}
