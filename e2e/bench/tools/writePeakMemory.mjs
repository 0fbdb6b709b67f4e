// Loaded into a program and the processes that it starts: each writes the most memory that it held, in bytes. Plain JavaScript, since the
// first of them may run on an older Node.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.env.BENCH_PEAKS ?? '.';
process.once('exit', () => {
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  writeFileSync(path.join(folder, String(process.pid)), String(peakBytes));
});
