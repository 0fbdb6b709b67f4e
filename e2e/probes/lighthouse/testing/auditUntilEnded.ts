import os from 'node:os';
import path from 'node:path';
import { runLighthouse } from '../runLighthouse.ts';

/** A parent that a test ends in the middle: audits the URL of its argument. */
await runLighthouse({
  url: process.argv[2] ?? '',
  formFactor: 'desktop',
  throttling: 'simulate',
  categories: ['performance'],
  runs: 1,
  timeoutMs: 60_000,
  reportPath: path.join(os.tmpdir(), 'never.html'),
  secrets: [],
});
