import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type HttpHandler, HttpResponse } from 'msw/http';
import { getResponse } from 'msw/utils/get-response';
import { epochMs } from '../epochMs.ts';
import type { CallLog } from '../journal/callLog.ts';
import { callOf } from '../journal/callOf.ts';
import { sendResponse } from './sendResponse.ts';
import type { RequestListener } from './serveBothProtocols.ts';

/** Answers HTTP requests with MSW handlers and logs each model call when it ends: complete, reset, or left by its client. */
export function aiListener(options: { handlers: HttpHandler[]; log: CallLog }): RequestListener {
  const { handlers, log } = options;
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
        call.abortedAtMs = epochMs();
        endOnce();
      });
      try {
        // MSW clones each request for its log, which is off here; a real clone is about a third of a call's CPU time.
        Object.defineProperty(request, 'clone', { value: () => request });
        const response = await getResponse(handlers, request, { quiet: true });
        await sendResponse(response ?? notServed(request), env, call);
      } catch (error) {
        // What a client leaves behind is no error of the mock.
        if (call.abortedAtMs === null) {
          console.error(error);
          await sendResponse(call.status === null ? mockFailed() : HttpResponse.error(), env, call);
        }
      }
      endOnce();
      return RESPONSE_ALREADY_SENT;
    },
    { overrideGlobalObjects: false },
  );
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
