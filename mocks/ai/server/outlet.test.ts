import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { epochMs } from '../clock.ts';
import { newCall } from '../journal/callLog.ts';
import { Outlet } from './outlet.ts';

const BYTES = new TextEncoder().encode('piece');

/** A socket that is slow to take what it is handed, as one is whose process is held up just then. */
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

function start(headers: Record<string, string> = {}) {
  const socket = new SlowSocket();
  const call = newCall(epochMs());
  const outgoing = socket as unknown as ServerResponse;
  return { socket, call, outlet: new Outlet({ outgoing, call, status: 200, headers }) };
}

test('no byte is stamped later than a client may have it', async () => {
  const { socket, call, outlet } = start();
  await outlet.write(BYTES);
  outlet.endWith(BYTES);
  const [firstTakenAtMs, lastTakenAtMs] = socket.takenAtMs;
  assert.ok(call.firstByteAtMs !== null && call.firstByteAtMs <= (firstTakenAtMs ?? 0));
  assert.ok(call.lastByteAtMs !== null && call.lastByteAtMs <= (lastTakenAtMs ?? 0));
  assert.ok(call.lastByteAtMs > call.firstByteAtMs);
  assert.deepEqual([call.status, call.responseBytes], [200, 10]);
});

test('where no piece was known to be the last, the last that was sent is', async () => {
  const { call, outlet } = start();
  await outlet.write(BYTES);
  outlet.end();
  assert.notEqual(call.lastByteAtMs, null);
  assert.equal(call.lastByteAtMs, call.firstByteAtMs);
});

test('an answer without a body has a last byte all the same', () => {
  const { socket, call, outlet } = start({ 'retry-after': '3' });
  outlet.end();
  assert.ok(call.lastByteAtMs !== null && call.lastByteAtMs <= (socket.takenAtMs[0] ?? 0));
  assert.deepEqual([call.status, call.responseBytes, call.retryAfter], [200, 0, '3']);
});

for (const event of ['drain', 'close'])
  test(`a piece that finds no room holds up the next until '${event}'`, async () => {
    const { socket, outlet } = start();
    socket.hasRoom = false;
    let isWritten = false;
    const written = outlet.write(BYTES).then(() => {
      isWritten = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(isWritten, false);
    socket.emit(event);
    await written;
    assert.deepEqual(socket.eventNames(), []);
  });
