import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { HttpResponse } from 'msw/http';
import type { AiModel, ModelAnswer } from '../aiModel.ts';
import type { Call } from '../journal/callLog.ts';
import { anthropicEvents } from './anthropicEvents.ts';
import { bedrockError } from './bedrockError.ts';
import { countTokens } from './countTokens.ts';
import { deliver } from './deliver.ts';
import { eventStreamChunk } from './eventStreamChunk.ts';
import { messagesBodySchema, promptOfMessages } from './messagesBody.ts';
import type { WellAnswer } from './pacedAnswer.ts';
import { readJsonBody } from './readJsonBody.ts';
import { ServedHandler } from './servedHandler.ts';
import type { ServedRequest } from './servedRequest.ts';
import { streamedAnswer } from './streamedAnswer.ts';
import { wholeAnswer } from './wholeAnswer.ts';

type Asked = {
  call: Call;
  answer: ModelAnswer;
  inputTokens: number;
  requestId: string;
  send: (well: WellAnswer) => ReturnType<typeof deliver>;
};
type Refused = ReturnType<typeof validationException>;
type Params = { modelId: string };

/** Amazon Bedrock's InvokeModel and InvokeModelWithResponseStream for Anthropic's messages. Source: Amazon Bedrock's API reference. */
export function bedrockHandlers(aiModel: AiModel) {
  const ask = (request: ServedRequest, { modelId }: Params, streamed: boolean): Asked | Refused => {
    const { call } = request;
    const body = readJsonBody(request.body, messagesBodySchema);
    const requestId = randomUUID();
    if ('problem' in body) return validationException(body.problem, requestId);
    const prompt = promptOfMessages(body.value);
    const answer = aiModel.answer(call, {
      provider: 'bedrock',
      model: modelId,
      prompt,
      streamed,
      traceparent: request.headers.get('traceparent'),
      requestBytes: request.body.byteLength,
    });
    const send = (well: WellAnswer) =>
      deliver(well, {
        call,
        answer,
        errorOf: (status) => bedrockError(status, requestId),
      });
    return { call, answer, inputTokens: countTokens(prompt), requestId, send };
  };

  return [
    new ServedHandler<Params>('POST', '*/model/:modelId/invoke', ({ request, params }) => {
      const asked = ask(request, params, false);
      if (asked instanceof Response) return asked;
      const { call, answer, inputTokens, requestId, send } = asked;
      const outputTokens = countTokens(answer.text);
      const whole = wholeAnswer(
        {
          id: `msg_bdrk_${requestId}`,
          type: 'message',
          role: 'assistant',
          model: params.modelId,
          content: [{ type: 'text', text: answer.text }],
          stop_reason: 'end_turn',
          stop_sequence: null,
          usage: { input_tokens: inputTokens, output_tokens: outputTokens },
        },
        {
          dueAtMs: answer.dueAtMs,
          headers: {
            'x-amzn-requestid': requestId,
            'x-amzn-bedrock-input-token-count': String(inputTokens),
            'x-amzn-bedrock-output-token-count': String(outputTokens),
            'x-amzn-bedrock-invocation-latency': String(
              Math.round(answer.dueAtMs - call.arrivedAtMs),
            ),
          },
        },
      );
      return send(whole);
    }),

    new ServedHandler<Params>(
      'POST',
      '*/model/:modelId/invoke-with-response-stream',
      ({ request, params }) => {
        const asked = ask(request, params, true);
        if (asked instanceof Response) return asked;
        const { call, answer, inputTokens, requestId, send } = asked;
        const events = anthropicEvents({
          answer,
          arrivedAtMs: call.arrivedAtMs,
          messageId: `msg_bdrk_${requestId}`,
          model: params.modelId,
          inputTokens,
        });
        const pieces = events.map((due) => ({
          dueAtMs: due.dueAtMs,
          bytes: Buffer.concat(due.events.map(eventStreamChunk)),
        }));
        const stream = streamedAnswer(pieces, {
          dueAtMs: answer.dueAtMs,
          headers: {
            'content-type': 'application/vnd.amazon.eventstream',
            'x-amzn-bedrock-content-type': 'application/json',
            'x-amzn-requestid': requestId,
          },
        });
        return send(stream);
      },
    ),
  ];
}

function validationException(message: string, requestId: string) {
  return HttpResponse.json(
    { message },
    {
      status: 400,
      headers: { 'x-amzn-errortype': 'ValidationException', 'x-amzn-requestid': requestId },
    },
  );
}
