import { createMiddleware } from 'hono/factory';
import { AiCallError, type AiProvider } from '../api/ai/aiProvider.ts';
import type { ApiEnv } from '../api/http/request.ts';
import type { Services } from '../api/services.ts';
import type { Defect } from './defect.ts';

const LONG_TIMEOUT_MS = 60_000;

/** Model calls without a time-out, and calls that go on when they should have ended. */
export const TIMEOUT_DEFECTS: readonly Defect[] = [
  {
    name: 'no-timeout',
    description:
      'waits for its model as long as the HTTP client does: 120 s to classify, 30 s for a narrative',
    services: changeLimit(() => null),
  },
  {
    // The gateway gives up earlier.
    name: 'long-timeout',
    description: 'gives each attempt 60 s, even if less is left of the total',
    services: changeLimit((limitMs) => (limitMs === null ? null : LONG_TIMEOUT_MS)),
  },
  {
    // The call keeps a connection and the model busy, although its answer is not read.
    name: 'unreleased-call',
    description: 'after its time-out the caller is answered, but the call of the model goes on',
    services: (services) => ({ ...services, provider: keepTimedOutCalls(services.provider) }),
  },
  {
    name: 'abandoned-work',
    description: 'goes on calling its model when the caller has left',
    around: () =>
      createMiddleware<ApiEnv>(async (c, next) => {
        c.req.raw = new Request(c.req.raw, { signal: null });
        await next();
        if (c.res.body === null) return;
        // The second branch reads the answer to its end, even if its caller no longer reads the first.
        const [answer, unread] = c.res.body.tee();
        void unread.pipeTo(new WritableStream());
        c.res = new Response(answer, c.res);
      }),
  },
];

/** Replaces the longest wait for the provider that SalesTalk's own rules give. */
function changeLimit(change: (limitMs: number | null) => number | null) {
  return (services: Services): Services => {
    const { rules } = services;
    return { ...services, rules: { ...rules, limitMs: (leftMs) => change(rules.limitMs(leftMs)) } };
  };
}

function keepTimedOutCalls(provider: AiProvider): AiProvider {
  return {
    ...provider,
    complete: (call) =>
      untilAborted(call.signal, provider.complete({ ...call, signal: ignoreTimeout(call.signal) })),
    async *stream(call) {
      const unreleased = { ...call, signal: ignoreTimeout(call.signal) };
      const chunks = provider.stream(unreleased)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await untilAborted(call.signal, chunks.next());
          if (next.done) return;
          yield next.value;
        }
      } finally {
        if (!hasTimedOut(call.signal)) await chunks.return?.();
      }
    },
  };
}

function hasTimedOut({ reason }: AbortSignal): boolean {
  return reason instanceof AiCallError && reason.reason === 'timeout';
}

/** A signal that aborts as the given one does, but never for a time-out. */
function ignoreTimeout(given: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const pass = (): void => {
    if (!hasTimedOut(given)) controller.abort(given.reason);
  };
  if (given.aborted) pass();
  else given.addEventListener('abort', pass, { once: true });
  return controller.signal;
}

/** The result of the work. It fails as soon as the signal aborts, although the work goes on. */
function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
