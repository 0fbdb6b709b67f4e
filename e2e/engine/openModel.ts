import type { LoadOutcome, LoadSample } from './loadSample.ts';
import { openLoop } from './openLoop.ts';

export type OpenModelOptions = {
  /** Intended starts in ms from now, rising; read as it goes. */
  arrivals: Iterable<number>;
  /** Sends the request of this number. Must not reject. */
  send: (index: number) => Promise<LoadOutcome>;
  /** With so many answers out, what is due is not sent, and told as such: neither machine has room for ever more. */
  mostInFlight: number;
  /** Told of each request once it has ended, or was not sent. */
  onEnd: (sample: LoadSample) => void;
  /** Send no more; what is under way is waited for. */
  signal?: AbortSignal;
};

/**
 * An open workload model: requests leave when they are due, however many answers are out. Nothing is left out: what leaves late is told
 * with its lateness, and what finds no room is told as never sent.
 */
export async function openModel(options: OpenModelOptions): Promise<void> {
  const { arrivals, send, mostInFlight, onEnd, signal } = options;
  let inFlight = 0;
  await openLoop({
    schedule: numbered(arrivals),
    send: async ({ index, dueMs }, lateMs) => {
      if (inFlight >= mostInFlight) {
        const failure = `never sent: ${mostInFlight} answers were out`;
        onEnd({ index, dueMs, lateMs: null, serviceMs: null, failure, connectionReused: null });
        return;
      }
      inFlight++;
      const { heldMs, ...outcome } = await send(index);
      inFlight--;
      onEnd({ index, dueMs, lateMs: Math.max(lateMs + heldMs, 0), ...outcome });
    },
    ...(signal === undefined ? {} : { signal }),
  });
}

function* numbered(arrivals: Iterable<number>) {
  let index = 0;
  for (const dueMs of arrivals) yield { dueMs, item: { index: index++, dueMs } };
}
