import { Agent } from 'node:http';
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AiCallError } from './aiCallError.ts';
import type { AiCall, AiProvider } from './aiProvider.ts';
import { anthropicMessageSchema, anthropicRequest } from './anthropicMessages.ts';
import { bedrockFailure } from './bedrockFailure.ts';
import { bedrockStreamText } from './bedrockStreamText.ts';
import { parseProviderJson } from './parseProviderJson.ts';
import { traceparentHeader } from './traceparentHeader.ts';

export type BedrockOptions = {
  endpoint: string;
  region: string;
  modelId: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
};

/** A Claude model on AWS Bedrock: `POST {endpoint}/model/{modelId}/invoke`. */
export function bedrockProvider(options: BedrockOptions): AiProvider {
  const client = new BedrockRuntimeClient({
    endpoint: options.endpoint,
    region: options.region,
    credentials: options.credentials,
    // Retries are SalesTalk's own, so that they are the same for every provider and can be switched off.
    maxAttempts: 1,
    // HTTP/1.1, as boto3 speaks it; the SDK's own choice, HTTP/2, needs TLS or a server that was told.
    requestHandler: new NodeHttpHandler({
      httpAgent: new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY }),
    }),
  });

  const input = (call: AiCall) => ({
    modelId: options.modelId,
    contentType: 'application/json',
    accept: 'application/json',
    body: JSON.stringify(anthropicRequest(call)),
  });

  return {
    name: 'bedrock',

    async complete(call) {
      const command = new InvokeModelCommand(input(call));
      command.middlewareStack.add(traceparentHeader(call.traceparent), { step: 'build' });
      const text = await bedrockFailure(async () => {
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
      const answer = await bedrockFailure(() => client.send(command, { abortSignal: call.signal }));
      if (answer.body === undefined) throw new AiCallError('malformed', 'the stream has no body');
      yield* bedrockStreamText(answer.body);
    },

    async close() {
      client.destroy();
    },
  };
}
