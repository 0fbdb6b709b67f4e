import { createMiddleware } from 'hono/factory';
import { AiCallError, type AiProvider } from '../api/ai/aiProvider.ts';
import type { ApiEnv } from '../api/http/request.ts';
import type { Defect } from './defect.ts';
import { isStreamed, rewriteLines } from './rewriteAnswers.ts';

/** Streamed narratives that come late, or twice. */
export const STREAMING_DEFECTS: readonly Defect[] = [
  {
    // Like a proxy that buffers the answer.
    name: 'batched-chunks',
    description: 'all chunks of a streamed narrative are held back and sent at its end',
    around: () =>
      createMiddleware<ApiEnv>(async (c, next) => {
        await next();
        if (isStreamed(c.res)) c.res = holdChunks(c.res);
      }),
  },
  {
    // The reader has the first part of the answer already, and then sees it twice.
    name: 'repeated-narrative',
    description:
      'calls once more for a streamed narrative that breaks off after part of it was sent',
    services: (services) => ({ ...services, provider: repeatNarrative(services.provider) }),
  },
];

function holdChunks(res: Response): Response {
  let held = '';
  const release = (): string => {
    const released = held;
    held = '';
    return released;
  };
  return rewriteLines(
    res,
    (line) => {
      held += `${line}\n`;
      return JSON.parse(line).type === 'narrative_chunk' ? '' : release();
    },
    release,
  );
}

function repeatNarrative(provider: AiProvider): AiProvider {
  return {
    ...provider,
    async *stream(call) {
      let isPassedOn = false;
      try {
        for await (const chunk of provider.stream(call)) {
          isPassedOn = true;
          yield chunk;
        }
        return;
      } catch (failure) {
        const mayPass = failure instanceof AiCallError && failure.mayPass;
        // The session itself retries a failure before the first chunk; after an abort no call may follow.
        if (!isPassedOn || !mayPass || call.signal.aborted) throw failure;
      }
      yield* provider.stream(call);
    },
  };
}
