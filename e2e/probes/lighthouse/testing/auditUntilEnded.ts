import os from 'node:os';
import path from 'node:path';
import { LighthouseProcess } from '../runLighthouse.ts';

/** A parent that a test ends in the middle: audits the URL of its argument. */
await using lighthouse = new LighthouseProcess();
await lighthouse.auditNavigation({
  url: process.argv[2] ?? '',
  formFactor: 'desktop',
  categories: ['performance'],
  timeoutMs: 60_000,
  reportPath: path.join(os.tmpdir(), 'never.html'),
  secrets: [],
});
