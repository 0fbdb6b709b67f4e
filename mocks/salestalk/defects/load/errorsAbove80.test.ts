import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idleService } from '../../testing/idleService.ts';
import { ManualClock } from '../../testing/manualClock.ts';

/** How each of `count` requests that arrive evenly, so many a second, is answered. */
async function answersAt(
  defects: string[],
  ratePerSecond: number,
  count: number,
): Promise<Response[]> {
  const clock = new ManualClock();
  const service = idleService(defects, clock);
  const answers: Response[] = [];
  for (let index = 0; index < count; index += 1) {
    await clock.pass((index * 1_000) / ratePerSecond - clock.monotonicMs());
    answers.push(await service.request('/'));
  }
  return answers;
}

const statusesOf = (answers: Response[]): number[] => answers.map(({ status }) => status);
const repeated = (status: number, count: number): number[] => Array(count).fill(status);

test('80 requests a second are answered, of 100 all that are more than 80 within one', async () => {
  assert.deepEqual(statusesOf(await answersAt(['errors-above-80'], 80, 400)), repeated(200, 400));
  assert.deepEqual(statusesOf(await answersAt(['errors-above-80'], 100, 400)), [
    ...repeated(200, 80),
    ...repeated(500, 320),
  ]);
  assert.deepEqual(statusesOf(await answersAt([], 100, 400)), repeated(200, 400));
});

test('a second later it is well again, and not before', async () => {
  const clock = new ManualClock();
  const service = idleService(['errors-above-80'], clock);
  const burst = async (): Promise<number[]> =>
    statusesOf(await Promise.all(Array.from({ length: 100 }, () => service.request('/'))));
  assert.deepEqual(await burst(), [...repeated(200, 80), ...repeated(500, 20)]);
  await clock.pass(999);
  assert.deepEqual(statusesOf([await service.request('/')]), [500]);
  await clock.pass(1_000);
  assert.deepEqual(await burst(), [...repeated(200, 80), ...repeated(500, 20)]);
});

test('the error has the form of the contract', async () => {
  const answers = await answersAt(['errors-above-80'], 100, 81);
  const last = answers.at(-1) ?? assert.fail();
  const body = await last.json();
  assert.deepEqual(Object.keys(body).sort(), ['error', 'message', 'requestId']);
  assert.equal(body.error, 'InternalServerError');
  assert.equal(body.requestId, last.headers.get('X-Request-Id'));
});
