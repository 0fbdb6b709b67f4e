import { sleepUntil } from '../clock.ts';
import { BrokenOff } from '../faults/brokenOff.ts';
import type { Call } from '../journal/callLog.ts';
import type { PacedAnswer } from '../providers/pacedAnswer.ts';
import type { NodeBindings } from './nodeBindings.ts';
import { Outlet } from './outlet.ts';

/**
 * Sends each piece of an answer when it is due. All that can be done before it is due has been done by then.
 * @param signal aborts when the client goes away
 * @throws BrokenOff where the answer ends in that; the signal's reason once it aborts
 */
export async function sendPaced(
  { status, headers, pieces, ending, endAtMs }: PacedAnswer,
  { outgoing }: NodeBindings,
  call: Call,
  signal: AbortSignal,
): Promise<void> {
  const outlet = new Outlet({ outgoing, call, status, headers });
  const rest = pieces[Symbol.iterator]();
  let next = rest.next();
  while (!next.done) {
    const { dueAtMs, bytes } = next.value;
    next = rest.next();
    await dueOrThrow(dueAtMs, signal);
    if (next.done && ending === 'whole') return outlet.endWith(bytes);
    await outlet.write(bytes);
  }
  if (ending === 'whole') return outlet.end();
  await dueOrThrow(endAtMs, signal);
  throw new BrokenOff(ending);
}

async function dueOrThrow(atMs: number, signal: AbortSignal): Promise<void> {
  if ((await sleepUntil(atMs, signal)) === 'aborted') throw signal.reason;
}
