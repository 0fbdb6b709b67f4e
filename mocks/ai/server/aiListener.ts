import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type HttpHandler, HttpResponse } from 'msw/http';
import { getResponse } from 'msw/utils/get-response';
import { epochMs } from '../epochMs.ts';
import { BrokenOff } from '../faults/brokenOff.ts';
import type { Call } from '../journal/call.ts';
import type { CallLog } from '../journal/callLog.ts';
import { callOf } from '../journal/callOf.ts';
import { breakOff } from './breakOff.ts';
import { sendResponse } from './sendResponse.ts';
import type { RequestListener } from './serveBothProtocols.ts';

/**
 * Answers HTTP requests with MSW handlers and logs each model call when it ends: complete, broken off, or left by its client.
 * `isRefusing`: the mock itself closes its connections just now.
 */
export function aiListener(options: {
  handlers: HttpHandler[];
  log: CallLog;
  isRefusing: () => boolean;
}): RequestListener {
  const { handlers, log, isRefusing } = options;
  return getRequestListener(
    async (request, env) => {
      const call = callOf(request);
      let ended = false;
      const endOnce = (): void => {
        if (ended) return;
        ended = true;
        log.ended(call);
      };
      env.outgoing.once('close', () => {
        if (ended) return;
        if (isRefusing()) refused(call);
        else call.abortedAtMs = epochMs();
        endOnce();
      });
      try {
        const response = await getResponse(handlers, request, { quiet: true });
        await sendResponse(response ?? notServed(request), env, call, request.signal);
      } catch (error) {
        // What a client leaves behind is no error of the mock.
        if (error instanceof BrokenOff) await breakOff(error.how, env, call);
        else if (call.abortedAtMs === null && call.brokenOffAtMs === null) {
          console.error(error);
          const failure = call.status === null ? mockFailed() : HttpResponse.error();
          await sendResponse(failure, env, call, request.signal);
        }
      }
      endOnce();
      return RESPONSE_ALREADY_SENT;
    },
    { overrideGlobalObjects: false },
  );
}

/** A call that was in flight when the listener closed. */
function refused(call: Call): void {
  call.brokenOffAtMs = epochMs();
  if (call.received !== null) call.received = { ...call.received, fault: 'refuse' };
}

function notServed(request: Request): Response {
  const { pathname } = new URL(request.url);
  const message = `This AI mock does not serve ${request.method} ${pathname}. It serves POST /api/generate (Ollama), POST /model/{modelId}/invoke and POST /model/{modelId}/invoke-with-response-stream (Bedrock).`;
  return HttpResponse.json({ error: message, message }, { status: 404 });
}

function mockFailed(): Response {
  const message = 'The AI mock failed; its standard error says why.';
  return HttpResponse.json({ error: message, message }, { status: 500 });
}
