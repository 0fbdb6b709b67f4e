import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askInEachForm, testSalestalk } from '../testing/testSalestalk.ts';
import { findDefects } from './plantDefects.ts';

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
