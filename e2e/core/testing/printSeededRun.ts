import { judgeSeededRun } from './judgeSeededRun.ts';

// Started by a test in the other runtime.
process.stdout.write(judgeSeededRun());
