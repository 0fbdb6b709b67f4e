import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochMs, sleepUntil } from './clock.ts';
import { BrokenOff, type PacedAnswer, pacedResponse } from './pacedAnswer.ts';

const piece = (text: string, dueAtMs = 0) => ({ dueAtMs, bytes: new TextEncoder().encode(text) });

function respond(answer: Partial<PacedAnswer>) {
  const whole = { status: 200, headers: {}, pieces: [], ending: 'whole', endAtMs: 0 } as const;
  const { body } = pacedResponse({ ...whole, ...answer });
  assert.ok(body);
  return body.getReader();
}

/** Reads a body and gives what came when, and the error it ended with. */
async function read(reader: ReturnType<typeof respond>) {
  const came: { text: string; atMs: number }[] = [];
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read())
      came.push({ text: new TextDecoder().decode(next.value), atMs: epochMs() });
  } catch (failure) {
    return { came, failure };
  }
  return { came, failure: null };
}

test('each piece comes when it is due, and the last ends the body', async () => {
  const startMs = epochMs();
  const dueMs = [5, 25, 40].map((ms) => startMs + ms);
  const pieces = dueMs.map((atMs, position) => piece(`${position}`, atMs));
  const { came, failure } = await read(respond({ pieces }));
  assert.equal(failure, null);
  assert.deepEqual(
    came.map(({ text }) => text),
    ['0', '1', '2'],
  );
  for (const [position, { atMs }] of came.entries())
    assert.ok(atMs > (dueMs[position] ?? 0) - 0.5, `${position} came early`);
});

test('an answer without pieces ends all the same', async () => {
  assert.deepEqual(await read(respond({})), { came: [], failure: null });
});

test('an answer that is broken off has sent its pieces before it fails', async () => {
  const endAtMs = epochMs() + 10;
  const pieces = [piece('half')];
  const { came, failure } = await read(respond({ pieces, ending: 'truncated', endAtMs }));
  assert.ok(failure instanceof BrokenOff && failure.how === 'truncated');
  assert.ok(epochMs() > endAtMs - 0.5);
  assert.deepEqual(
    came.map(({ text }) => text),
    ['half'],
  );
});

test('a cancelled body brings nothing more', async () => {
  const reader = respond({ pieces: [piece('now'), piece('too late', epochMs() + 60_000)] });
  setTimeout(() => reader.cancel(), 10);
  const { came, failure } = await read(reader);
  assert.deepEqual([came.map(({ text }) => text), failure], [['now'], null]);
});

const never = new AbortController().signal;

test('waits for a deadline, whatever its fraction', async () => {
  for (const waitMs of [1, 7.3, 20.9]) {
    const deadlineMs = epochMs() + waitMs;
    assert.equal(await sleepUntil(deadlineMs, never), 'due');
    const earlyMs = deadlineMs - epochMs();
    assert.ok(earlyMs < 0.5, `${earlyMs} ms early`);
  }
});

test('a deadline in the past is due at once: no timer runs first', async () => {
  const order: string[] = [];
  setTimeout(() => order.push('timer'), 0);
  await sleepUntil(epochMs() - 1000, never);
  order.push('due');
  assert.deepEqual(order, ['due']);
});

test('what is never due waits for the abort, and does not keep looking', async (context) => {
  const abort = new AbortController();
  context.after(() => abort.abort());
  const looks = context.mock.method(performance, 'now');
  const slept = sleepUntil(Number.POSITIVE_INFINITY, abort.signal);
  const tooLong = sleepUntil(epochMs() + 1e12, abort.signal);
  const waited = new Promise((resolve) => setTimeout(() => resolve('still waiting'), 20));
  assert.equal(await Promise.race([slept, tooLong, waited]), 'still waiting');
  assert.ok(looks.mock.callCount() < 10, `looked ${looks.mock.callCount()} times`);
  abort.abort();
  assert.deepEqual(await Promise.all([slept, tooLong]), ['aborted', 'aborted']);
});

test('an abort ends the wait, and one before it prevents it', async () => {
  const abort = new AbortController();
  const slept = sleepUntil(epochMs() + 3_600_000, abort.signal);
  abort.abort();
  assert.equal(await slept, 'aborted');
  assert.equal(await sleepUntil(epochMs() - 1, abort.signal), 'aborted');
});
