import { parseJson } from '../core/parseJson.ts';
import type { TimedExchange } from '../probes/timedClient.ts';
import { type StreamEvent, streamEvent } from './contract.ts';

/** An event of a streamed answer, with the moment its line was complete, in ms from sending. */
export type TimedEvent = { atMs: number; event: StreamEvent };

/**
 * Splits the pieces of a streamed answer into events.
 * @throws Error naming the line that is not an event of the contract.
 */
export function readStream(chunks: TimedExchange['chunks']): TimedEvent[] {
  const events: TimedEvent[] = [];
  let rest = '';
  for (const { atMs, text } of chunks) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines)
      if (line.trim() !== '') events.push({ atMs, event: parseEvent(line) });
  }
  const last = chunks.at(-1);
  if (rest.trim() !== '' && last !== undefined)
    events.push({ atMs: last.atMs, event: parseEvent(rest) });
  return events;
}

function parseEvent(line: string): StreamEvent {
  const result = streamEvent.safeParse(parseJson(line));
  if (result.success) return result.data;
  throw new Error(`not an event: ${JSON.stringify(line.slice(0, 80))}`);
}
