import { AiCallError } from '../../api/ai/aiCallError.ts';
import type { AiProvider } from '../../api/ai/aiProvider.ts';
import type { Defect } from '../defect.ts';

/** A service that starts an answer again behind the back of a reader who has half of it: what is shown then stands there twice. */
export const repeatedNarrative: Defect = {
  name: 'repeated-narrative',
  description: 'calls once more for a streamed narrative that breaks off after part of it was sent',
  services: (services) => ({ ...services, provider: repeating(services.provider) }),
};

const repeating = (provider: AiProvider): AiProvider => ({
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
      // Nothing passed on yet is a failure that others retry; an abort is the end.
      if (!isPassedOn || !mayPass || call.signal.aborted) throw failure;
    }
    yield* provider.stream(call);
  },
});
