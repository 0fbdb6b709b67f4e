import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { epochMs } from '../clock.ts';
import { BrokenOff } from '../faults/brokenOff.ts';
import { newCall } from '../journal/callLog.ts';
import type { PacedAnswer } from '../providers/pacedAnswer.ts';
import { sendPaced } from './sendPaced.ts';

const never = new AbortController().signal;
const piece = (text: string, dueAtMs = 0) => ({ dueAtMs, bytes: new TextEncoder().encode(text) });

/** Sends an answer and gives what was written, and how it ended. */
async function send(answer: Partial<PacedAnswer>, signal = never) {
  const written: { text: string; atMs: number }[] = [];
  let isEnded = false;
  const write = (bytes: Uint8Array): boolean => {
    written.push({ text: new TextDecoder().decode(bytes), atMs: epochMs() });
    return true;
  };
  const end = (bytes?: Uint8Array): void => {
    if (bytes !== undefined) write(bytes);
    isEnded = true;
  };
  const outgoing = { writeHead: () => {}, write, end } as unknown as ServerResponse;
  const env = { incoming: {} as IncomingMessage, outgoing };
  const call = newCall(epochMs());
  const whole = { status: 200, headers: {}, pieces: [], ending: 'whole', endAtMs: 0 } as const;
  const failure = await sendPaced({ ...whole, ...answer }, env, call, signal).then(
    () => null,
    (error: unknown) => error,
  );
  return { texts: written.map(({ text }) => text), written, isEnded, failure, call };
}

test('each piece leaves when it is due, and the last ends the answer', async () => {
  const startMs = epochMs();
  const dueMs = [5, 25, 40].map((ms) => startMs + ms);
  const { written, isEnded, failure, call } = await send({
    pieces: dueMs.map((atMs, position) => piece(`${position}`, atMs)),
  });
  assert.deepEqual([failure, isEnded, call.responseBytes], [null, true, 3]);
  for (const [position, { text, atMs }] of written.entries()) {
    assert.equal(text, `${position}`);
    assert.ok(atMs > (dueMs[position] ?? 0) - 0.5, `${position} left early`);
  }
  assert.ok(call.lastByteAtMs !== null && call.lastByteAtMs <= (written[2]?.atMs ?? 0));
});

test('an answer of no piece ends all the same', async () => {
  const { texts, isEnded, call } = await send({});
  assert.deepEqual([texts, isEnded, call.status], [[], true, 200]);
});

test('what breaks off has sent its pieces by then, and does not end', async () => {
  const endAtMs = epochMs() + 10;
  const sent = await send({ pieces: [piece('half')], ending: 'truncated', endAtMs });
  assert.ok(sent.failure instanceof BrokenOff && sent.failure.how === 'truncated');
  assert.ok(epochMs() > endAtMs - 0.5);
  assert.deepEqual([sent.texts, sent.isEnded, sent.call.lastByteAtMs], [['half'], false, null]);
});

test('nothing is sent to a client that has left', async () => {
  const leaving = new AbortController();
  setTimeout(() => leaving.abort(), 10);
  const pieces = [piece('now'), piece('too late', epochMs() + 60_000)];
  const { texts, isEnded, failure } = await send({ pieces }, leaving.signal);
  assert.deepEqual([texts, isEnded, failure], [['now'], false, leaving.signal.reason]);
});
