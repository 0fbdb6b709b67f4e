import { parseJson } from '../core/parseJson.ts';
import type { TimedExchange } from '../probes/timedClient.ts';
import { type StreamEvent, streamEvent } from './contract.ts';

/** An event of a streamed answer, with the moment its line was complete, in ms from sending. */
export type TimedEvent = { atMs: number; event: StreamEvent };

/**
 * Splits the pieces of a streamed answer into events.
 * @throws Error naming the place of the line that is no event of the contract; not its text, which may hold anything.
 */
export function readStream(chunks: TimedExchange['chunks']): TimedEvent[] {
  const events: TimedEvent[] = [];
  let rest = '';
  const add = (atMs: number, line: string): void => {
    if (line.trim() !== '') events.push({ atMs, event: parseEvent(line, events.length + 1) });
  };
  for (const { atMs, text } of chunks) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) add(atMs, line);
  }
  const last = chunks.at(-1);
  if (last !== undefined) add(last.atMs, rest);
  return events;
}

function parseEvent(line: string, place: number): StreamEvent {
  const result = streamEvent.safeParse(parseJson(line));
  if (result.success) return result.data;
  throw new Error(`line ${place} is no event`);
}
