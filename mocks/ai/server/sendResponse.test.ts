import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochMs } from '../epochMs.ts';
import { newCall } from '../journal/call.ts';
import type { NodeBindings } from './nodeBindings.ts';
import { sendResponse } from './sendResponse.ts';

/** A socket that is slow to take what it is handed, as one is whose process is held up just then. */
function slowSocket() {
  const takenAtMs: number[] = [];
  const take = (): boolean => {
    takenAtMs.push(epochMs());
    while (epochMs() < (takenAtMs.at(-1) ?? 0) + 2);
    return true;
  };
  const outgoing = { writeHead: () => {}, write: take, end: take };
  return { takenAtMs, env: { incoming: {}, outgoing } as unknown as NodeBindings };
}

test('no byte is stamped later than a client may have it', async () => {
  const bytes = new TextEncoder().encode('piece');
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const { takenAtMs, env } = slowSocket();
  const call = newCall(epochMs());
  await sendResponse(new Response(body), env, call, new AbortController().signal);
  const [firstTakenAtMs, lastTakenAtMs] = takenAtMs;
  assert.ok(call.firstByteAtMs !== null && call.firstByteAtMs <= (firstTakenAtMs ?? 0));
  assert.ok(call.lastByteAtMs !== null && call.lastByteAtMs <= (lastTakenAtMs ?? 0));
  assert.ok(call.lastByteAtMs > call.firstByteAtMs);
  assert.deepEqual([call.status, call.responseBytes], [200, 10]);
});

test('an answer without a body has a last byte all the same', async () => {
  const { takenAtMs, env } = slowSocket();
  const call = newCall(epochMs());
  await sendResponse(new Response(null, { status: 204 }), env, call, new AbortController().signal);
  assert.ok(call.lastByteAtMs !== null && call.lastByteAtMs <= (takenAtMs[0] ?? 0));
  assert.deepEqual([call.status, call.responseBytes], [204, 0]);
});
