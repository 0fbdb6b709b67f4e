import type { ChatEvent } from '../api/chat/chatEvent.ts';

/** All events of a streamed chat answer, once it has ended. */
export async function streamEvents(response: Response): Promise<ChatEvent[]> {
  const lines = (await response.text()).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

export const asStream = { Accept: 'application/x-ndjson' };
