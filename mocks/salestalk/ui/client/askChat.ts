import { ChatFailure } from './chatFailure.ts';
import { failureOfStatus } from './failureOfStatus.ts';
import { field, textField } from './field.ts';
import { readCompleteAnswer } from './readCompleteAnswer.ts';
import { readEvent } from './readEvent.ts';
import { readLines } from './readLines.ts';
import type { ChatEvent } from './types.ts';

export interface ChatRequest {
  apiUrl: string;
  token: string;
  requestId: string;
  question: string;
  /** The session to go on with; `null` starts one. */
  sessionId: string | null;
  /** Aborted with a ChatFailure as its reason. */
  signal: AbortSignal;
}

/**
 * Asks one question. Yields the events of the answer in batches, each of them what one network chunk told; a service that
 * does not stream gives a single batch.
 * @throws ChatFailure for refused requests and unreadable answers, and whatever `fetch` throws where none arrives
 */
export async function* askChat(request: ChatRequest): AsyncGenerator<ChatEvent[], void, undefined> {
  const { requestId, question, sessionId, signal } = request;
  const response = await fetch(`${request.apiUrl}/chat`, {
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
    const detail = textField(await response.json().catch(() => null), 'message');
    throw new ChatFailure(failureOfStatus(response.status), detail);
  }
  if (response.body === null) throw new ChatFailure('unreadable');

  const contentType = response.headers.get('Content-Type');
  if (contentType?.startsWith('application/x-ndjson') !== true) {
    const body: unknown = await response.json();
    if (typeof field(body, 'response') !== 'string') throw new ChatFailure('unreadable');
    yield [readCompleteAnswer(body)];
    return;
  }
  for await (const lines of readLines(response.body)) {
    const events = lines.map(readEvent).filter((event) => event !== null);
    if (events.length > 0) yield events;
  }
}
