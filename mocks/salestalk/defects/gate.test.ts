import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gate } from './gate.ts';

const { signal } = new AbortController();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A gate for two at a time, with a log of entries and give-ups. */
function gateForTwo() {
  const log: string[] = [];
  const two = gate<string>((_, inside) => inside.size < 2);
  const enter = (who: string, until = signal): Promise<() => void> => {
    const entered = two.enter(who, until);
    entered.then(
      () => log.push(who),
      () => log.push(`${who} gone`),
    );
    return entered;
  };
  return { log, enter };
}

test('first come, first served; leaving twice admits one', async () => {
  const { log, enter } = gateForTwo();
  const [leave] = await Promise.all([enter('a'), enter('b')]);
  const [c] = [enter('c'), enter('d'), enter('e')];
  await turn();
  assert.deepEqual(log, ['a', 'b']);
  leave();
  leave();
  await turn();
  assert.deepEqual(log, ['a', 'b', 'c']);
  (await c)();
  await turn();
  assert.deepEqual(log, ['a', 'b', 'c', 'd']);
});

test('a request that gives up, before arrival or while waiting, does not enter and takes no place', async () => {
  const { log, enter } = gateForTwo();
  const [leave] = await Promise.all([enter('a'), enter('b')]);
  await assert.rejects(enter('late', AbortSignal.abort()));
  const caller = new AbortController();
  const c = enter('c', caller.signal);
  const d = enter('d');
  caller.abort(new Error('enough'));
  await assert.rejects(c, /enough/);
  leave();
  await d;
  assert.deepEqual(log, ['a', 'b', 'late gone', 'c gone', 'd']);
});

test('a request that gives up admits those that waited for it', async () => {
  const log: string[] = [];
  const noOther = gate<string>(
    (who, inside, waiting) =>
      inside.size === 0 || [...inside, ...waiting].every((visitor) => visitor.who === who),
  );
  const caller = new AbortController();
  await noOther.enter('a', signal);
  const b = noOther.enter('b', caller.signal);
  const again = noOther.enter('a', signal).then(() => log.push('a'));
  await turn();
  assert.deepEqual(log, []);
  caller.abort();
  await assert.rejects(b);
  await again;
});
