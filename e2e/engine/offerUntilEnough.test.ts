import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { offerUntilEnough } from './offerUntilEnough.ts';

/** Offers until its signal aborts; a last request is in flight for a moment after that. */
async function offerForever(signal: AbortSignal): Promise<void> {
  await sleep(3_600_000, undefined, { signal }).catch(() => undefined);
  await sleep(20);
}

test('a check ends the offer, which waits for the requests in flight', async () => {
  let hasEnded = false;
  await offerUntilEnough(
    async (signal) => {
      await offerForever(signal);
      hasEnded = true;
    },
    async () => true,
  );
  assert.ok(hasEnded);
});

test('after the offer has ended there is one last check', async () => {
  let checks = 0;
  await offerUntilEnough(
    () => sleep(5),
    async () => ++checks > 9,
  );
  assert.equal(checks, 1);
});

test('a failure of the offer or of a check ends both and is thrown', async () => {
  const broken = async () => {
    throw new Error('broken');
  };
  await assert.rejects(offerUntilEnough(offerForever, broken), { message: 'broken' });
  await assert.rejects(
    offerUntilEnough(broken, async () => false),
    { message: 'broken' },
  );
});
