import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { writeReport } from './audit.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'report-test-'));
after(() => rm(folder, { recursive: true }));

test('writes a report into a folder that is not there yet', async () => {
  const reportPath = path.join(folder, 'new', 'report.html');
  await writeReport('<p>all well</p>', { reportPath, secrets: ['a secret of some length'] });
  assert.equal(await readFile(reportPath, 'utf8'), '<p>all well</p>');
});

test('does not write a report that holds a secret', async () => {
  const reportPath = path.join(folder, 'other', 'report.html');
  const told = { reportPath, secrets: ['a secret of some length'] };
  for (const secret of ['a secret of some length', 'eyJhbGciOiJI.eyJzdWIiOiJh.c2ln']) {
    await assert.rejects(writeReport(`<p>${secret}</p>`, told), /holds a secret/);
  }
  assert.ok(!existsSync(path.dirname(reportPath)));
});
