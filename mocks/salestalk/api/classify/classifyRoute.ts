import type { Handler } from 'hono';
import type { ApiEnv } from '../http/apiEnv.ts';
import { readBody } from '../http/readBody.ts';
import { requireText } from '../http/requireText.ts';
import { openModelSession } from '../openModelSession.ts';
import type { Services } from '../services.ts';
import { classifyQuestion } from './classifyQuestion.ts';

/** `POST /classify` `{ "question": string }`: one model call. */
export const classifyRoute =
  (services: Services): Handler<ApiEnv> =>
  async (c) => {
    const { requestId, tenantId, arrivedAtMs } = c.var;
    const question = requireText(await readBody(c), 'question');
    const { readClassification } = services;
    const model = openModelSession(services, c, c.req.raw.signal);
    const classification = await classifyQuestion({ model, readClassification }, question);
    const latencyMs = Math.round(services.clock.monotonicMs() - arrivedAtMs);
    const metadata = { latencyMs, provider: services.provider.name };
    return c.json({ classification, requestId, tenantId, metadata });
  };
