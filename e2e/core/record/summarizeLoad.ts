import { z } from 'zod';
import type { Objective } from '../budget/objective.ts';
import { doubtOfLoad, mostLateMs } from './doubtOfLoad.ts';
import { type LoadResult, loadResultSchema, resultOfLoad } from './loadResult.ts';
import type { LoadTable } from './loadTable.ts';
import type { ProcessLine } from './processLine.ts';
import { processResultSchema, resultsOfProcesses } from './processResult.ts';

const doubt = z
  .string()
  .nullable()
  .describe('Why it says nothing of the target: the harness or the AI mock was the bottleneck');

/** A load as a whole, the steps of a search by themselves, and the processes that took part. */
export const loadSummarySchema = z.strictObject({
  workload: z.string(),
  result: loadResultSchema,
  doubt,
  steps: z
    .array(loadResultSchema.extend({ doubt }))
    .describe('Of a search, in the order of their rates; of other loads none'),
  processes: z.array(processResultSchema),
});

export type LoadSummary = z.infer<typeof loadSummarySchema>;

/**
 * Sums up a load. Null where nothing of it is to be judged.
 * @param objectives of the run: those of this load say how late it may be
 */
export function summarizeLoad(
  table: LoadTable,
  processes: readonly ProcessLine[],
  objectives: readonly Objective[],
): LoadSummary | null {
  const result = resultOfLoad(table);
  if (result === null) return null;
  const { workload } = table;
  const mine = processes.filter((line) => line.workload === workload);
  const mostLate = Math.min(
    ...objectives.filter((one) => one.workload === workload).map(mostLateMs),
  );
  const isSearch = result.step.model === 'step';
  const doubtOf = (part: LoadTable, of: readonly ProcessLine[]) => doubtOfLoad(part, of, mostLate);
  return {
    workload,
    result,
    // One step that was too much for the harness is no doubt of the others.
    doubt: isSearch ? null : doubtOf(table, mine),
    steps: isSearch ? stepsOf(table, mine, doubtOf) : [],
    processes: resultsOfProcesses(mine),
  };
}

function stepsOf(
  table: LoadTable,
  processes: readonly ProcessLine[],
  doubtOf: (part: LoadTable, of: readonly ProcessLine[]) => string | null,
): LoadSummary['steps'] {
  const steps = table.steps().flatMap(({ step: { ratePerSecond }, table: part }) => {
    const result = resultOfLoad(part);
    const ofStep = processes.filter((line) => line.ratePerSecond === ratePerSecond);
    return result === null ? [] : [{ ...result, doubt: doubtOf(part, ofStep) }];
  });
  return steps.sort((a, b) => rateOf(a) - rateOf(b));
}

function rateOf({ step }: LoadResult): number {
  return step.ratePerSecond ?? 0;
}
