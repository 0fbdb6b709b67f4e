import type { ServerResponse } from 'node:http';
import { epochMs } from '../epochMs.ts';
import type { Call } from '../journal/call.ts';
import type { PacedAnswer } from '../providers/pacedAnswer.ts';
import { type DuePiece, duePieces } from './duePieces.ts';
import type { NodeBindings } from './nodeBindings.ts';
import { resetConnection } from './resetConnection.ts';

/**
 * Sends an answer, stamps the call's first and last byte, and stops when the client goes away. Bytes are stamped right
 * before they are handed to the socket: a stamp after it can come later than the client has them, and what the client
 * took itself would come out below nothing. An error response becomes a reset.
 * @param signal aborts when the client goes away
 */
export async function sendResponse(
  response: Response | PacedAnswer,
  env: NodeBindings,
  call: Call,
  signal: AbortSignal,
): Promise<void> {
  if (call.abortedAtMs !== null) return;
  if (response instanceof Response && response.type === 'error') {
    call.brokenOffAtMs = epochMs();
    return resetConnection(env);
  }
  const { status, headers, pieces } = outgoOf(response, signal);
  // Both protocols' responses have these methods; their overloads only differ in what is not used here.
  const outgoing = env.outgoing as ServerResponse;
  const sendHead = (): void => {
    call.status = status;
    call.retryAfter = headers['retry-after'] ?? null;
    outgoing.writeHead(status, headers);
  };
  let sentAtMs: number | null = null;
  for await (const { bytes, isLast } of pieces) {
    // The head leaves with the first piece, as a model server knows nothing to say before.
    if (call.status === null) sendHead();
    sentAtMs = epochMs();
    call.firstByteAtMs ??= sentAtMs;
    call.responseBytes += bytes.byteLength;
    if (isLast) {
      call.lastByteAtMs = sentAtMs;
      outgoing.end(bytes);
    } else if (!outgoing.write(bytes)) await roomOrClose(outgoing);
  }
  if (call.lastByteAtMs !== null) return;
  if (call.status === null) sendHead();
  call.lastByteAtMs = sentAtMs ?? epochMs();
  call.firstByteAtMs ??= call.lastByteAtMs;
  outgoing.end();
}

/** What is to leave, in the order in which it does. */
type Outgo = {
  status: number;
  headers: Record<string, string>;
  pieces: AsyncIterable<DuePiece>;
};

function outgoOf(response: Response | PacedAnswer, signal: AbortSignal): Outgo {
  if (!(response instanceof Response)) {
    const { status, headers } = response;
    return { status, headers, pieces: duePieces(response, signal) };
  }
  const { status, headers, body } = response;
  return { status, headers: Object.fromEntries(headers), pieces: piecesOf(body) };
}

async function* piecesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<DuePiece> {
  for await (const bytes of body ?? []) yield { bytes, isLast: false };
}

function roomOrClose(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      outgoing.off('drain', go);
      outgoing.off('close', go);
      resolve();
    };
    outgoing.on('drain', go);
    outgoing.on('close', go);
  });
}
