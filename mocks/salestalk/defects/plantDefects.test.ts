import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerForms, testSalestalk } from '../testing/testSalestalk.ts';
import { findDefects } from './plantDefects.ts';

test('defects do not change health, metrics, the page or errors', async () => {
  const names = ['halved-latency', 'no-metadata'];
  await using salestalk = await testSalestalk({ defects: ['slow-median', ...names] });
  for (const path of ['/health', '/metrics', '/', '/config.json']) {
    assert.equal((await fetch(`${salestalk.url}${path}`)).status, 200);
  }
  const metrics = await (await fetch(`${salestalk.url}/metrics`)).text();
  assert.ok(!metrics.includes('status="500"'));

  await using refusing = await testSalestalk({ defects: names });
  const refused = await refusing.post('/classify', {});
  assert.equal(refused.status, 400);
  assert.deepEqual(Object.keys(await refused.json()).sort(), ['error', 'message', 'requestId']);
});

test('defects may be planted together', async () => {
  for (const defects of [
    ['halved-latency', 'no-metadata'],
    ['no-metadata', 'halved-latency'],
  ]) {
    await using salestalk = await testSalestalk({ defects });
    for (const answer of await answerForms(salestalk)) assert.equal('metadata' in answer, false);
  }
});

test('an unknown defect is an error that lists the known ones', () => {
  assert.throws(() => findDefects(['slow-median', 'slow-moon']), {
    code: 'DEFECT_UNKNOWN',
    message: /"slow-moon".*slow-median, slow-quarter,.*slow-start/,
  });
});
