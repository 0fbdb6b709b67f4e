import type { Buffer } from 'node:buffer';
import { setTimeout } from 'node:timers';
import { HttpResponse } from 'msw/http';
import { getResponse } from 'msw/utils/get-response';
import { epochMs } from '../clock.ts';
import { BrokenOff } from '../faults/brokenOff.ts';
import { type Call, type CallLog, newCall } from '../journal/callLog.ts';
import type { ServedHandler } from '../providers/servedHandler.ts';
import { ServedRequest } from '../providers/servedRequest.ts';
import { breakOff } from './breakOff.ts';
import { endOfTurn } from './endOfTurn.ts';
import { MOST_BODY_BYTES, readBody } from './readBody.ts';
import { sendPaced } from './sendPaced.ts';
import { sendResponse } from './sendResponse.ts';
import type { RequestListener } from './serveBothProtocols.ts';

/** What a client has to read why its request was refused, while it may still be sending. */
const TO_READ_MS = 1_000;

/**
 * Answers HTTP requests with MSW handlers and logs each model call when it ends: complete, broken off, or left by its client.
 * `isRefusing`: the mock itself closes its connections just now. `isOwnHost`: is this Host header, or `:authority`, one to answer to?
 */
export function aiListener(options: {
  handlers: ServedHandler<never>[];
  log: CallLog;
  isRefusing: () => boolean;
  isOwnHost: (host: string | undefined) => boolean;
}): RequestListener {
  const { handlers, log, isRefusing, isOwnHost } = options;
  return (incoming, outgoing) => {
    const env = { incoming, outgoing };
    const call = newCall(epochMs());
    const leaving = new AbortController();
    let ended = false;
    const endOnce = (): void => {
      if (ended) return;
      ended = true;
      log.ended(call);
    };
    outgoing.once('close', () => {
      if (ended) return;
      if (isRefusing()) refused(call);
      else call.abortedAtMs = epochMs();
      leaving.abort();
      endOnce();
    });
    const answer = async (body: Buffer): Promise<void> => {
      const { method = 'GET', url: target = '/', headers } = incoming;
      const request = new ServedRequest({ method, target, headers, body, call });
      try {
        const response = await getResponse(handlers, request.toMsw(), { quiet: true });
        await endOfTurn();
        if (leaving.signal.aborted) return;
        if (request.answer !== null) await sendPaced(request.answer, env, call, leaving.signal);
        else await sendResponse(response ?? notServed(request), env, call);
      } catch (error) {
        // What a client leaves behind is no error of the mock.
        if (error instanceof BrokenOff) await breakOff(error.how, env, call);
        else if (call.abortedAtMs === null && call.brokenOffAtMs === null) {
          console.error(error);
          const failure = call.status === null ? mockFailed() : HttpResponse.error();
          await sendResponse(failure, env, call);
        }
      }
      endOnce();
    };
    const refuse = async (response: Response): Promise<void> => {
      await sendResponse(response, env, call);
      endOnce();
      // Closed at once, the connection would take the refusal with it.
      incoming.resume();
      setTimeout(() => incoming.destroy(), TO_READ_MS).unref();
    };
    const host = incoming.headers.host ?? incoming.headers[':authority']?.toString();
    // One call that cannot even be broken off ends none of the others.
    if (!isOwnHost(host)) refuse(foreignHost(host)).catch(console.error);
    else
      readBody(incoming, (body) =>
        (body === null ? refuse(tooLarge()) : answer(body)).catch(console.error),
      );
  };
}

/** A call that was in flight when the listener closed. */
function refused(call: Call): void {
  call.brokenOffAtMs = epochMs();
  if (call.received !== null) call.received = { ...call.received, fault: 'refuse' };
}

function notServed({ method, url }: ServedRequest): Response {
  const { pathname } = new URL(url);
  const message = `This AI mock does not serve ${method} ${pathname}. It serves POST /api/generate (Ollama), POST /model/{modelId}/invoke and POST /model/{modelId}/invoke-with-response-stream (Bedrock).`;
  return HttpResponse.json({ error: message, message }, { status: 404 });
}

function tooLarge(): Response {
  const message = `The body is larger than ${MOST_BODY_BYTES / 1024 / 1024} MiB.`;
  return HttpResponse.json({ error: message, message }, { status: 413 });
}

function foreignHost(host: string | undefined): Response {
  const found = host === undefined ? 'none' : JSON.stringify(host.slice(0, 80));
  const message = `Host header: found ${found}, expected localhost or an address of this machine's own. Start the mock with another --host to have it answer to any name.`;
  return HttpResponse.json({ error: message, message }, { status: 403 });
}

function mockFailed(): Response {
  const message = 'The AI mock failed; its standard error says why.';
  return HttpResponse.json({ error: message, message }, { status: 500 });
}
