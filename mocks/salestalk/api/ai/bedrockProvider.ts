import { Agent } from 'node:http';
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type ResponseStream,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { z } from 'zod';
import {
  type AiCall,
  AiCallError,
  type AiFailureReason,
  type AiProvider,
  aiStatusError,
  parseProviderJson,
} from './aiProvider.ts';

export type BedrockOptions = {
  endpoint: string;
  region: string;
  modelId: string;
};

/** A Claude model on AWS Bedrock: `POST {endpoint}/model/{modelId}/invoke`. */
export function createBedrockProvider(options: BedrockOptions): AiProvider {
  const client = new BedrockRuntimeClient({
    endpoint: options.endpoint,
    region: options.region,
    // The endpoint is an AI mock, which checks no credentials.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // Retries are SalesTalk's own, so that they are the same for every provider and can be switched off.
    maxAttempts: 1,
    // HTTP/1.1, as boto3 speaks it; the SDK's default, HTTP/2, needs TLS or prior knowledge.
    requestHandler: new NodeHttpHandler({
      httpAgent: new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY }),
    }),
  });

  const input = (call: AiCall) => ({
    modelId: options.modelId,
    contentType: 'application/json',
    accept: 'application/json',
    body: JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 1024,
      temperature: call.temperature,
      messages: [{ role: 'user', content: [{ type: 'text', text: call.prompt }] }],
    }),
  });

  return {
    name: 'bedrock',

    async complete(call) {
      const command = new InvokeModelCommand(input(call));
      command.middlewareStack.add(traceparentHeader(call.traceparent), { step: 'build' });
      const text = await translateSdkErrors(async () => {
        const answer = await client.send(command, { abortSignal: call.signal });
        return answer.body.transformToString();
      });
      return parseProviderJson(text, anthropicMessageSchema)
        .content.map((part) => part.text)
        .join('');
    },

    async *stream(call) {
      const command = new InvokeModelWithResponseStreamCommand(input(call));
      command.middlewareStack.add(traceparentHeader(call.traceparent), { step: 'build' });
      const answer = await translateSdkErrors(() =>
        client.send(command, { abortSignal: call.signal }),
      );
      if (answer.body === undefined) throw new AiCallError('malformed', 'the stream has no body');
      yield* bedrockStreamText(answer.body);
    },

    async close() {
      client.destroy();
    },
  };
}

/** A middleware of the AWS SDK that sends `traceparent` with a command, unless it is null. */
function traceparentHeader(traceparent: string | null) {
  return <Args extends { request: unknown }, Result>(next: (args: Args) => Promise<Result>) =>
    (args: Args): Promise<Result> => {
      const { headers } = args.request as { headers: Record<string, string> };
      if (traceparent !== null) headers.traceparent = traceparent;
      return next(args);
    };
}

/** Claude's whole answer; parts that are not text are an error. */
const anthropicMessageSchema = z.object({
  content: z.array(z.object({ type: z.literal('text'), text: z.string() })).min(1),
});

/** One event of Claude's streamed answer; only `content_block_delta` carries text. */
const anthropicEventSchema = z.union([
  z.object({
    type: z.literal('content_block_delta'),
    delta: z.object({ type: z.literal('text_delta'), text: z.string() }),
  }),
  z.object({ type: z.string() }),
]);

/** The text in an AWS event stream of Anthropic events, chunk by chunk. @throws AiCallError if it ends before `message_stop` */
async function* bedrockStreamText(events: AsyncIterable<ResponseStream>): AsyncGenerator<string> {
  const iterator = events[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let stopped = false;
  try {
    for (;;) {
      const next = await translateSdkErrors(() => iterator.next());
      if (next.done) break;
      const bytes = next.value.chunk?.bytes;
      if (bytes === undefined) continue;
      const event = parseProviderJson(decoder.decode(bytes), anthropicEventSchema);
      if ('delta' in event && event.delta.text !== '') yield event.delta.text;
      stopped ||= event.type === 'message_stop';
    }
  } finally {
    await iterator.return?.();
  }
  if (!stopped) throw new AiCallError('network', 'the stream ended before message_stop');
}

/** Errors without a status: those of the HTTP client, and those that Bedrock sends inside a stream, after its 200. */
const REASONS: Record<string, AiFailureReason> = {
  TimeoutError: 'timeout',
  ThrottlingException: 'throttled',
  ModelTimeoutException: 'timeout',
  ValidationException: 'rejected',
  InternalServerException: 'server',
  ModelStreamErrorException: 'server',
  ServiceUnavailableException: 'server',
};

/** Runs `work`, and translates what the AWS SDK throws to an AiCallError. */
async function translateSdkErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AiCallError) throw cause;
    const { name = 'unknown error', $metadata, $response }: SdkError = Object(cause);
    const status = $response?.statusCode ?? $metadata?.httpStatusCode ?? 0;
    if (status >= 400) throw aiStatusError(status, $response?.headers?.['retry-after'] ?? null);
    throw new AiCallError(REASONS[name] ?? 'network', `no whole answer: ${name}`, { cause });
  }
}

type SdkError = {
  name?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string> };
};
