import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askInEachForm, testSalestalk } from '../testing/testSalestalk.ts';
import { findDefects } from './plantDefects.ts';

test('defects of answers do not change health, metrics, the page or errors', async () => {
  await using salestalk = await testSalestalk({ defects: ['halved-latency', 'no-metadata'] });
  for (const path of ['/health', '/metrics', '/', '/config.json']) {
    assert.equal((await fetch(`${salestalk.url}${path}`)).status, 200);
  }
  const refused = await salestalk.post('/classify', {});
  assert.equal(refused.status, 400);
  assert.deepEqual(Object.keys(await refused.json()).sort(), ['error', 'message', 'requestId']);
});

test('defects may be planted together', async () => {
  for (const defects of [
    ['halved-latency', 'no-metadata'],
    ['no-metadata', 'halved-latency'],
  ]) {
    await using salestalk = await testSalestalk({ defects });
    for (const answer of await askInEachForm(salestalk)) assert.equal('metadata' in answer, false);
  }
});

test('an unknown defect is an error that lists the known ones', () => {
  assert.throws(() => findDefects(['slow-median', 'slow-moon']), {
    code: 'DEFECT_UNKNOWN',
    message: /"slow-moon".*slow-median, slow-quarter,.*slow-start/,
  });
});
