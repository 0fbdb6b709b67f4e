import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { methodNotAllowed } from 'hono/method-not-allowed';
import packageJson from '../../../package.json' with { type: 'json' };
import { createChatHandler } from './chat/chatRoute.ts';
import { createClassifyHandler } from './classify/classifyRoute.ts';
import { ApiError } from './http/failures.ts';
import { type ApiEnv, answerFailure, limitBody, openRequest } from './http/request.ts';
import { createDemoTokenHandler, requireTenant } from './http/tokens.ts';
import type { Services } from './services.ts';

type ApiOptions = {
  /** Offer tokens for all tenants without authentication. */
  demoSignIn: boolean;
  /** Middleware of `/classify` and `/chat` that runs once a request has its id and time of arrival. */
  around: readonly MiddlewareHandler<ApiEnv>[];
  /** Middleware of `/classify` and `/chat` that runs once a request also has its tenant. */
  inside: readonly MiddlewareHandler<ApiEnv>[];
};

/** Forbids caches to keep an answer, and browsers to guess its type. */
const privateAnswer = createMiddleware<ApiEnv>(async (c, next) => {
  c.header('Cache-Control', 'no-store');
  c.header('X-Content-Type-Options', 'nosniff');
  await next();
});

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

  api.use(
    metrics.countRequests,
    openRequest(services.clock),
    methodNotAllowed({ app: api, onMethodNotAllowed: rejectMethod }),
  );
  api.onError((failure, c) => {
    const expected = failure instanceof ApiError || c.req.raw.signal.aborted;
    if (!expected) services.reportFailure(failure);
    return answerFailure(failure, c);
  });

  api.on('POST', '/classify', ...guards, createClassifyHandler(services));
  api.on('POST', '/chat', ...guards, createChatHandler(services));
  api.get('/health', privateAnswer, (c) =>
    c.json({ status: 'ok', service: 'salestalk', version: packageJson.version }),
  );
  api.get('/metrics', privateAnswer, async (c) =>
    c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }),
  );

  if (options.demoSignIn) {
    api.post('/demo/token', privateAnswer, limitBody, createDemoTokenHandler(services));
  }

  api.notFound((c) =>
    answerFailure(new ApiError(404, 'NotFound', `There is nothing at ${c.req.path}.`), c),
  );
  return api;
}

function rejectMethod(c: Context<ApiEnv>, methods: string[]): never {
  const allowed = methods.join(', ');
  c.header('Allow', allowed);
  throw new ApiError(405, 'MethodNotAllowed', `${c.req.path} answers ${allowed} only.`);
}
