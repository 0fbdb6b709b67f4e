import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { epochMs } from '../clock.ts';
import { newCall } from '../journal/call.ts';
import { sendResponse } from './sendResponse.ts';

const PIECE = new TextEncoder().encode('piece');

/** A socket that is slow to take what it gets, as when its process has no processor. */
class SlowSocket extends EventEmitter {
  readonly takenAtMs: number[] = [];
  hasRoom = true;

  writeHead(): void {}

  write(): boolean {
    this.takenAtMs.push(epochMs());
    while (epochMs() < (this.takenAtMs.at(-1) ?? 0) + 2);
    return this.hasRoom;
  }

  end(): void {
    this.write();
  }
}

function bodyOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

function send(
  pieces: Uint8Array[],
  headers: Record<string, string> = {},
  socket = new SlowSocket(),
) {
  const call = newCall(epochMs());
  const body = pieces.length === 0 ? null : bodyOf(pieces);
  const outgoing = socket as unknown as ServerResponse;
  const env = { incoming: {} as IncomingMessage, outgoing };
  return { socket, call, sent: sendResponse(new Response(body, { headers }), env, call) };
}

test('no byte is stamped later than a client may have it', async () => {
  const { socket, call, sent } = send([PIECE, PIECE], { 'content-length': '10' });
  await sent;
  const [firstTakenAtMs, lastTakenAtMs] = socket.takenAtMs;
  assert.ok(call.firstByteAtMs !== null && call.firstByteAtMs <= (firstTakenAtMs ?? 0));
  assert.ok(call.lastByteAtMs !== null && call.lastByteAtMs <= (lastTakenAtMs ?? 0));
  assert.ok(call.lastByteAtMs > call.firstByteAtMs);
  assert.deepEqual([call.status, call.responseBytes, socket.takenAtMs.length], [200, 10, 2]);
});

test('without a content-length, the last byte is that of the last piece', async () => {
  const { call, sent } = send([PIECE]);
  await sent;
  assert.notEqual(call.lastByteAtMs, null);
  assert.equal(call.lastByteAtMs, call.firstByteAtMs);
});

test('an answer without a body has a last byte all the same', async () => {
  const { socket, call, sent } = send([], { 'retry-after': '3' });
  await sent;
  assert.ok(call.lastByteAtMs !== null && call.lastByteAtMs <= (socket.takenAtMs[0] ?? 0));
  assert.deepEqual([call.status, call.responseBytes, call.retryAfter], [200, 0, '3']);
});

for (const event of ['drain', 'close'])
  test(`a piece that finds no room holds up the next until '${event}'`, async () => {
    const socket = new SlowSocket();
    socket.hasRoom = false;
    const { sent } = send([PIECE, PIECE], { 'content-length': '10' }, socket);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(socket.takenAtMs.length, 1);
    socket.emit(event);
    await sent;
    assert.equal(socket.takenAtMs.length, event === 'drain' ? 2 : 1);
    assert.deepEqual(socket.eventNames(), []);
  });
