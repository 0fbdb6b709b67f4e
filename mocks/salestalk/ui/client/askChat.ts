import { ChatFailure, statusFailure } from './failure.ts';
import {
  type ChatEvent,
  readCompleteAnswer,
  readEvent,
  readField,
  readText,
} from './readAnswer.ts';

/** Longer than any regular line, so that a line without an end cannot fill the page's memory. */
const MAX_LINE_LENGTH = 1_000_000;

export type ChatRequest = {
  token: string;
  requestId: string;
  question: string;
  /** The session to go on with; `null` starts one. */
  sessionId: string | null;
  /** Aborted with a ChatFailure as its reason. */
  signal: AbortSignal;
};

/**
 * Asks one question and yields the events of the answer in batches: one for each network chunk, one alone without streaming.
 * @throws ChatFailure for refused requests and unreadable answers; what `fetch` throws where no answer arrives
 */
export async function* askChat(request: ChatRequest): AsyncGenerator<ChatEvent[], void, undefined> {
  const { requestId, question, sessionId, signal } = request;
  const response = await fetch('/chat', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${request.token}`,
      'Content-Type': 'application/json',
      Accept: 'application/x-ndjson',
      'X-Request-Id': requestId,
    },
    body: JSON.stringify(
      sessionId === null ? { message: question } : { message: question, sessionId },
    ),
    signal,
  });
  if (!response.ok) {
    const detail = readText(await response.json().catch(() => null), 'message');
    throw new ChatFailure(statusFailure(response.status), detail);
  }
  if (response.body === null) throw new ChatFailure('unreadable');

  const contentType = response.headers.get('Content-Type');
  if (contentType?.startsWith('application/x-ndjson') !== true) {
    const body: unknown = await response.json();
    if (typeof readField(body, 'response') !== 'string') throw new ChatFailure('unreadable');
    yield [readCompleteAnswer(body)];
    return;
  }
  for await (const lines of readLines(response.body)) {
    const events = lines.map(readEvent).filter((event) => event !== null);
    if (events.length > 0) yield events;
  }
}

/**
 * The lines of a byte stream, blank ones left out, in batches of those that one network chunk completes.
 * @throws RangeError if a line is longer than a million UTF-16 units
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string[], void, undefined> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE_LENGTH) throw new RangeError('A line of the answer is too long.');
      const batch = lines.filter((line) => line.trim() !== '');
      if (batch.length > 0) yield batch;
    }
    if (rest.trim() !== '') yield [rest];
  } finally {
    // Frees the connection where the consumer stops early.
    await reader.cancel().catch(() => undefined);
  }
}
