import type { Handler } from 'hono';
import { accepts } from 'hono/accepts';
import type { ApiEnv } from '../http/apiEnv.ts';
import { readBody } from '../http/readBody.ts';
import { requireText } from '../http/requireText.ts';
import { sessionIdIn } from '../http/sessionIdIn.ts';
import { openModelSession } from '../openModelSession.ts';
import type { Services } from '../services.ts';
import { answerChat, type ChatQuestion } from './answerChat.ts';
import { chatStream } from './chatStream.ts';
import { wholeAnswer } from './wholeAnswer.ts';

const ndjson = 'application/x-ndjson';

/** `POST /chat` `{ "message": string, "sessionId"?: string }`: two model calls, one after the other. */
export const chatRoute =
  (services: Services): Handler<ApiEnv> =>
  async (c) => {
    const { requestId, tenantId, arrivedAtMs } = c.var;
    const body = await readBody(c);
    const message = requireText(body, 'message');
    const sessionId = sessionIdIn(body);
    c.header('X-Session-Id', sessionId);

    const elapsedMs = (): number => services.clock.monotonicMs() - arrivedAtMs;
    const question: ChatQuestion = { message, tenantId, sessionId, requestId, elapsedMs };
    const { readClassification, tables, history } = services;
    const provider = services.provider.name;
    const supports = ['application/json', ndjson];
    const form = accepts(c, { header: 'Accept', supports, default: 'application/json' });

    const { signal } = c.req.raw;
    const model = openModelSession(services, c, signal);
    const given = { model, provider, readClassification, tables, history };
    if (form === ndjson) {
      const events = answerChat({ ...given, narrate: model.stream }, question);
      c.header('Content-Type', ndjson);
      return c.body(chatStream(events, { requestId, signal, report: services.reportFailure }));
    }
    const narrate: typeof model.stream = async function* (prompt) {
      yield await model.complete(prompt);
    };
    return c.json(await wholeAnswer(answerChat({ ...given, narrate }, question)));
  };
