import type { Handler } from 'hono';
import { accepts } from 'hono/accepts';
import { publicFailure } from '../http/failures.ts';
import { type ApiEnv, readBody, readSessionId, requireText } from '../http/request.ts';
import { openModelSession, type Services } from '../services.ts';
import { answerChat, type ChatAnswer, type ChatEvent, type ChatQuestion } from './answerChat.ts';

const NDJSON = 'application/x-ndjson';

/** `POST /chat` `{ "message": string, "sessionId"?: string }`: two model calls, one after the other. */
export function createChatHandler(services: Services): Handler<ApiEnv> {
  return async (c) => {
    const { requestId, tenantId, arrivedAtMs } = c.var;
    const body = await readBody(c);
    const message = requireText(body, 'message');
    const sessionId = readSessionId(body);
    c.header('X-Session-Id', sessionId);

    const elapsedMs = (): number => services.clock.monotonicMs() - arrivedAtMs;
    const question: ChatQuestion = { message, tenantId, sessionId, requestId, elapsedMs };
    const { readClassification, tables, history } = services;
    const provider = services.provider.name;
    const supports = ['application/json', NDJSON];
    const form = accepts(c, { header: 'Accept', supports, default: 'application/json' });

    const model = openModelSession(services, c);
    const given = { model, provider, readClassification, tables, history };
    if (form === NDJSON) {
      const events = answerChat({ ...given, narrate: model.stream }, question);
      c.header('Content-Type', NDJSON);
      const { signal } = c.req.raw;
      return c.body(streamAnswer(events, { requestId, signal, report: services.reportFailure }));
    }
    const narrate: typeof model.stream = async function* (prompt) {
      yield await model.complete(prompt);
    };
    return c.json(await readCompleteAnswer(answerChat({ ...given, narrate }, question)));
  };
}

/** Runs an answer to its end and returns the fields of its `complete` event. */
async function readCompleteAnswer(events: AsyncIterable<ChatEvent>): Promise<ChatAnswer> {
  for await (const event of events) {
    if (event.type !== 'complete') continue;
    const { type: _, ...answer } = event;
    return answer;
  }
  throw new Error('An answer ended without being complete');
}

/**
 * The events of an answer as NDJSON. The status is sent before anything can fail, so a failure is an `error` event in the
 * last line. A caller that has left, as `signal` says, gets no last line.
 */
function streamAnswer(
  events: AsyncGenerator<ChatEvent, void, undefined>,
  options: { requestId: string; signal: AbortSignal; report: (failure: unknown) => void },
): ReadableStream<Uint8Array> {
  const { requestId, signal, report } = options;
  const encoder = new TextEncoder();
  const encode = (event: ChatEvent): Uint8Array => encoder.encode(`${JSON.stringify(event)}\n`);

  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await events.next();
        if (next.done) controller.close();
        else controller.enqueue(encode(next.value));
      } catch (failure) {
        if (signal.aborted) return;
        report(failure);
        const error = publicFailure(failure).body(requestId);
        controller.enqueue(encode({ type: 'error', ...error }));
        controller.close();
      }
    },
  });
}
