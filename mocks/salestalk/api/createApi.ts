import { Hono, type MiddlewareHandler } from 'hono';
import packageJson from '../../../package.json' with { type: 'json' };
import { chatRoute } from './chat/chatRoute.ts';
import { classifyRoute } from './classify/classifyRoute.ts';
import { answerFailure } from './http/answerFailure.ts';
import type { ApiEnv } from './http/apiEnv.ts';
import { ApiError } from './http/apiError.ts';
import { demoTokenRoute } from './http/demoTokenRoute.ts';
import { onlyMethod } from './http/onlyMethod.ts';
import { openRequest } from './http/openRequest.ts';
import { privateAnswer } from './http/privateAnswer.ts';
import { limitBody } from './http/readBody.ts';
import { requireTenant } from './http/requireTenant.ts';
import { countRequests } from './metrics/countRequests.ts';
import type { Services } from './services.ts';

export type ApiOptions = {
  /** Offer tokens for the tenants to anyone who asks. */
  demoSignIn: boolean;
  /** Run around `/classify` and `/chat`, after the request has its id and its time of arrival. */
  around: readonly MiddlewareHandler<ApiEnv>[];
  /** The same, but after the request has its tenant too. */
  inside: readonly MiddlewareHandler<ApiEnv>[];
};

/** SalesTalk's HTTP API. */
export function createApi(services: Services, options: ApiOptions): Hono<ApiEnv> {
  const { metrics } = services;
  const api = new Hono<ApiEnv>();
  const guards = [
    privateAnswer,
    ...options.around,
    requireTenant(services.key),
    limitBody,
    ...options.inside,
  ] as const;

  api.use(countRequests(metrics), openRequest(services.clock));
  api.onError((failure, c) => {
    const expected = failure instanceof ApiError || c.req.raw.signal.aborted;
    if (!expected) services.reportFailure(failure);
    return answerFailure(failure, c);
  });

  api.on('POST', '/classify', ...guards, classifyRoute(services));
  api.all('/classify', privateAnswer, onlyMethod('POST'));
  api.on('POST', '/chat', ...guards, chatRoute(services));
  api.all('/chat', privateAnswer, onlyMethod('POST'));

  api.get('/health', privateAnswer, (c) =>
    c.json({ status: 'ok', service: 'salestalk', version: packageJson.version }),
  );
  api.all('/health', privateAnswer, onlyMethod('GET, HEAD'));
  api.get('/metrics', privateAnswer, async (c) =>
    c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }),
  );
  api.all('/metrics', privateAnswer, onlyMethod('GET, HEAD'));

  if (options.demoSignIn) {
    api.post('/demo/token', privateAnswer, limitBody, demoTokenRoute(services));
    api.all('/demo/token', privateAnswer, onlyMethod('POST'));
  }

  api.notFound((c) =>
    answerFailure(new ApiError(404, 'NotFound', `There is nothing at ${c.req.path}.`), c),
  );
  return api;
}
