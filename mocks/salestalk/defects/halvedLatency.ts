import { rewriteAnswers } from './answers/rewriteAnswers.ts';
import type { Defect } from './defect.ts';

/** A service that flatters itself. */
export const halvedLatency: Defect = {
  name: 'halved-latency',
  description: 'metadata.latencyMs says half of what it was',
  around: () =>
    rewriteAnswers((answer) => {
      const metadata = answer.metadata as { latencyMs: number } | undefined;
      // Another defect may have taken it away.
      if (metadata === undefined) return answer;
      const latencyMs = Math.floor(metadata.latencyMs / 2);
      return { ...answer, metadata: { ...metadata, latencyMs } };
    }),
};
