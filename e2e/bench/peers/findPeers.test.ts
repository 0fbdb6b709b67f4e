import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notInstalled } from './findPeers.ts';

test('what is not there is named, with how to get it; what is not needed is not', () => {
  const wrk = { file: '/usr/bin/wrk', version: '4.1.0' };
  const peers = { k6: null, autocannon: null, wrk };
  assert.deepEqual(notInstalled(peers, ['k6', 'wrk']), [
    'not installed: k6 (go install go.k6.io/k6@latest)',
  ]);
});
