import type { FullConfig, Reporter, Suite, TestCase } from '@playwright/test/reporter';
import { alignRows } from '../core/alignedTable.ts';
import { CAUGHT } from './describeCaught.ts';

/** Playwright reporter: which verdict caught which planted defect, by how many events and after how long. Silent where none was planted. */
export default class PlantedDefectsTable implements Reporter {
  #tests: TestCase[] = [];

  onBegin(_: FullConfig, suite: Suite): void {
    this.#tests = suite.allTests();
  }

  async onExit(): Promise<void> {
    const rows = this.#tests.flatMap(rowsOf);
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

function rowsOf(test: TestCase): string[][] {
  const annotations = test.results.flatMap((result) => result.annotations);
  return annotations
    .filter(({ type }) => type === CAUGHT)
    .map(({ description = '' }, at) => [
      at === 0 ? test.title : '',
      ...description.split('  '),
      at === 0 && test.outcome() === 'unexpected' ? 'NOT AS EXPECTED' : '',
    ]);
}
