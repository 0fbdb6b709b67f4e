import { ChatFailure, statusFailure, toChatFailure } from './failure.ts';
import {
  type ChatEvent,
  readCompleteAnswer,
  readEvent,
  readField,
  readText,
} from './readAnswer.ts';
import { type Answer, EMPTY_ANSWER, hasEnded, reduceAnswer } from './reduceAnswer.ts';

/**
 * How long the page waits for more of an answer. SalesTalk may wait 120 s for a classification and 30 s for a narrative, and
 * without streaming both pass in silence: the page must not give up first.
 */
const SILENCE_LIMIT_MS = 160_000;

/**
 * Asks one question and follows its answer to the end. It never rejects: a failure is part of the answer. `onChange` is called
 * once per batch of events, with the answer before and after.
 */
export async function runQuestion(
  request: Omit<ChatRequest, 'signal'> & { abort: AbortController },
  onChange: (previous: Answer, next: Answer) => void,
): Promise<Answer> {
  let answer = EMPTY_ANSWER;
  const change = (next: Answer): void => {
    const previous = answer;
    answer = next;
    onChange(previous, next);
  };
  const { abort, ...asked } = request;
  const giveUp = (): void => abort.abort(new ChatFailure('silent'));
  let silence = setTimeout(giveUp, SILENCE_LIMIT_MS);
  try {
    for await (const events of askChat({ ...asked, signal: abort.signal })) {
      clearTimeout(silence);
      silence = setTimeout(giveUp, SILENCE_LIMIT_MS);
      // Also reads what follows the end: an unread body closes the connection, as if the user had left.
      if (!hasEnded(answer)) change(events.reduce(reduceAnswer, answer));
    }
    if (!hasEnded(answer)) throw new ChatFailure('interrupted');
  } catch (cause) {
    if (hasEnded(answer)) return answer;
    const at = { onLine: navigator.onLine, answering: answer !== EMPTY_ANSWER };
    const { kind, detail } = toChatFailure(cause, at);
    change(reduceAnswer(answer, { type: 'failed', kind, detail }));
  } finally {
    clearTimeout(silence);
  }
  return answer;
}

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
