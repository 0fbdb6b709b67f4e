import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readVariable } from '../core/environmentVariables.ts';
import { expect, test } from './fixtures.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** How often each comparison is made, to count how many are right. Each round has a seed of its own. */
const ROUNDS = Number(readVariable(process.env, 'PERF_COMPARISON_ROUNDS') ?? 1);

const DIFFERENT = ['worse', 'better'];
const OWN_TIMES = ['classify.ownTime worse', 'chat.ownTime worse'];
const CLASSIFY = ['classify.latency worse', 'classify.ownTime worse'];
const LATENCIES = ['classify.latency', 'narrative.latency'];
const inTail = (ids: readonly string[]) => ids.map((id) => `${id.split(' ')[0]} tail worse`);

/** What the candidate is planted with, and what the comparison must and may call different. Anything else is a false alarm. */
const COMPARISONS: { title: string; defect: string | null; must: string[]; may: string[] }[] = [
  {
    title: 'A comparison of a version with itself calls nothing different',
    defect: null,
    must: [],
    may: [],
  },
  {
    title:
      'A comparison finds that SalesTalk itself takes a tenth longer, though the model does not',
    defect: 'slower-own-time',
    must: OWN_TIMES,
    may: [],
  },
  {
    title: 'A comparison finds 5 ms more in the answers of classify, and nothing in those of chat',
    defect: 'classify-five-ms',
    must: CLASSIFY,
    may: inTail(CLASSIFY),
  },
  {
    title: 'A comparison finds that one answer in fifty is late, though the median is as before',
    defect: 'slow-tail',
    must: inTail(LATENCIES),
    may: [],
  },
];

const comparisonSchema = z.object({
  metrics: z.array(
    z.object({
      id: z.string(),
      verdict: z.string(),
      says: z.string(),
      tail: z.object({ verdict: z.string() }).nullable(),
    }),
  ),
});

/** Compares the last commit with itself, and resolves to what the comparison calls different. */
async function compareWithItself(defect: string | null, round: number) {
  const folder = test.info().outputPath('comparison');
  const { status, output } = await runCompare(folder, [
    ...['--baseline', 'HEAD', '--candidate', 'HEAD', '--self-test', '--only', 'api'],
    ...['--seed', String(round)],
    ...(defect === null ? [] : ['--candidate-args', `--defect ${defect}`]),
  ]);
  const file = path.join(folder, 'comparison.json');
  expect(existsSync(file), output).toBe(true);
  const { metrics } = comparisonSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  for (const { id, says } of metrics) {
    test.info().annotations.push({ type: 'compared', description: `${id}: ${says}` });
  }
  const different = metrics.flatMap(({ id, verdict, tail }) => [
    ...(DIFFERENT.includes(verdict) ? [`${id} ${verdict}`] : []),
    ...(tail !== null && DIFFERENT.includes(tail.verdict) ? [`${id} tail ${tail.verdict}`] : []),
  ]);
  return { status, output, different };
}

function runCompare(
  folder: string,
  args: string[],
): Promise<{ status: number | null; output: string }> {
  const env = { ...process.env, PERF_REPORT_DIR: folder };
  const command = ['e2e/commands/bootstrap.mjs', 'compare', ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: ROOT, env }, (_, stdout, stderr) => {
      resolve({ status: child.exitCode, output: `${stderr}${stdout}` });
    });
  });
}

test.describe('Comparison of two versions', { tag: '@performance' }, () => {
  test.skip(
    ({ run }) => run.target.name !== 'local',
    'defects are planted in the embedded SalesTalk alone',
  );

  for (let round = 1; round <= ROUNDS; round++) {
    for (const { title, defect, must, may } of COMPARISONS) {
      test(ROUNDS === 1 ? title : `${title}, round ${round}`, async () => {
        const { status, output, different } = await compareWithItself(defect, round);
        expect(different, output).toEqual(expect.arrayContaining(must));
        const falseAlarms = different.filter((one) => ![...must, ...may].includes(one));
        expect(falseAlarms, output).toEqual([]);
        expect(status, output).toBe(must.length === 0 ? 0 : 1);
      });
    }
  }
});
