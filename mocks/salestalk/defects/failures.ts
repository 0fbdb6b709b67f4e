import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { AiCallError } from '../api/ai/aiProvider.ts';
import { type Classification, parseModelJson } from '../api/classify/classification.ts';
import { ApiError } from '../api/http/failures.ts';
import type { ApiEnv } from '../api/http/request.ts';
import type { Defect } from './defect.ts';
import { rewriteBodies } from './rewriteAnswers.ts';

const CAPACITY_WINDOW_MS = 1_000;
const CAPACITY = 80;

/** Requests that fail for no reason, and failures of the model that are answered wrongly. */
export const FAILURE_DEFECTS: readonly Defect[] = [
  {
    name: 'two-percent-errors',
    description: '2 % of the requests, drawn by the seed, are answered 500',
    around: ({ draw }) => failRequests(() => draw() < 0.02),
  },
  {
    // Refused requests count as arrived too, so that a steady rate above 80 a second leaves no request answered.
    name: 'errors-above-80',
    description: 'more than 80 requests within a second: the further ones are answered 500',
    around: ({ clock }) => {
      let arrivalsMs: number[] = [];
      return failRequests(() => {
        const nowMs = clock.monotonicMs();
        arrivalsMs = arrivalsMs.filter((atMs) => atMs > nowMs - CAPACITY_WINDOW_MS);
        arrivalsMs.push(nowMs);
        return arrivalsMs.length > CAPACITY;
      });
    },
  },
  {
    name: 'malformed-passed-on',
    description: 'a malformed classification, or one with a confidence out of range, becomes a 200',
    services: (services) => ({
      ...services,
      readClassification(text) {
        try {
          return services.readClassification(text);
        } catch (failure) {
          const isMalformed = failure instanceof AiCallError && failure.reason === 'malformed';
          if (isMalformed) return readUnchecked(text);
          throw failure;
        }
      },
    }),
  },
  {
    name: 'leaky-error',
    description:
      "a failure of the model shows the provider's URL and status, and the caller's token",
    around: ({ aiUrl }) =>
      rewriteBodies({ status: 502, event: 'error' }, (body, c) => {
        if (body.error !== 'AIProviderError') return body;
        const cause = c.error?.message ?? 'the stream broke off';
        const authorization = c.req.header('Authorization');
        return { ...body, message: `POST ${aiUrl}: ${cause} (Authorization: ${authorization})` };
      }),
  },
  {
    name: 'bare-error',
    description: 'a failure of the model is answered 500 in plain text; streams stay as they are',
    around: () =>
      createMiddleware<ApiEnv>(async (c, next) => {
        await next();
        if (c.res.status === 502) c.res = new Response('Internal Server Error', { status: 500 });
      }),
  },
];

/** Answers a request 500, in the form of the contract and without a model call, if `mustFail` says so. */
function failRequests(mustFail: () => boolean): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (_, next) => {
    if (mustFail()) throw new ApiError(500, 'InternalServerError', 'Planted failure.');
    await next();
  });
}

/** A classification of whatever a model wrote: its fields unchecked, or else its words. It only must not break the service. */
function readUnchecked(text: string): Classification {
  const found = parseModelJson(text);
  const written = toFields(found?.value);
  const word = (key: string): string => String(written[key] ?? text.slice(0, 200));
  const time = Object.entries(toFields(written.time));
  const { overall, components } = toFields(written.confidence);
  const classification = {
    intent: word('intent'),
    subject: word('subject'),
    measure: word('measure'),
    dimension: toFields(written.dimension),
    time: Object.fromEntries(time.filter(([, value]) => typeof value === 'string')),
    confidence: { overall: Number(overall) || 1, components: toFields(components) },
    metadata: { parse_attempts: found?.attempts ?? 3 },
  };
  return classification as Classification;
}

const toFields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
