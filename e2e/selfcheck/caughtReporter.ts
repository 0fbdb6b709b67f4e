import type { FullConfig, Reporter, Suite, TestCase } from '@playwright/test/reporter';
import type { RunRecord } from '../core/record/runRecord.ts';
import { alignRows } from '../core/table.ts';
import type { Judgement } from '../core/verdict/judgement.ts';

const CAUGHT = 'caught by';

/** Playwright reporter: a table of which verdict caught which planted defect, from how many events and after how long. */
export default class PlantedDefectsTable implements Reporter {
  #tests: TestCase[] = [];

  onBegin(_: FullConfig, suite: Suite): void {
    this.#tests = suite.allTests();
  }

  async onExit(): Promise<void> {
    const rows = this.#tests.flatMap(tableRows);
    if (rows.length === 0) return;
    const lines = alignRows(rows);
    process.stdout.write(
      `\nPlanted defects, and the verdicts that caught them:\n${lines.join('\n')}\n`,
    );
  }

  printsToStdio(): boolean {
    return false;
  }
}

function tableRows(test: TestCase): string[][] {
  const annotations = test.results.flatMap((result) => result.annotations);
  return annotations
    .filter(({ type }) => type === CAUGHT)
    .map(({ description = '' }, at) => [
      at === 0 ? test.title : '',
      ...description.split('  '),
      at === 0 && test.outcome() === 'unexpected' ? 'NOT AS EXPECTED' : '',
    ]);
}

/** One annotation of a test for each red verdict: which it is, from how many events, and after how long. */
export function annotateCaught(
  red: Judgement[],
  record: RunRecord,
): { type: string; description: string }[] {
  return red.map(({ id, n }) => ({
    type: CAUGHT,
    description: `${id}  n = ${n}  ${measuredSeconds(id, record)}`,
  }));
}

/** From the start to the end of the workload that shows it, which ends once all its objectives are clear. */
function measuredSeconds(id: string, { run, workloads }: RunRecord): string {
  const objective = run.objectives.find((one) => one.id === id);
  const times = workloads
    .filter(({ workload }) => objective?.workload === null || workload === objective?.workload)
    .map(({ atMs }) => atMs);
  if (times.length === 0) return 'time unknown';
  return `${((Math.max(...times) - Math.min(...times)) / 1000).toFixed(1)} s`;
}
