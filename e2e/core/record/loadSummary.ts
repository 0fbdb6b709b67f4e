import { z } from 'zod';
import type { Objective } from '../budget/objective.ts';
import { doubtOfLoad, mostLateMs } from './loadDoubt.ts';
import { type LoadResult, loadResultSchema, resultOfLoad } from './loadResult.ts';
import type { LoadTable } from './loadTable.ts';
import { type ProcessLine, processLine } from './recordLine.ts';

/** What a process came to over a load, or over the step of a search at this rate. */
const processResultSchema = processLine
  .pick({
    process: true,
    ratePerSecond: true,
    cpuShare: true,
    residentBytes: true,
    heapUsedBytes: true,
    eventLoopDelayP99Ms: true,
  })
  .extend({
    cpuShare: processLine.shape.cpuShare.describe('Of one core'),
    residentBytes: processLine.shape.residentBytes.describe('At most, whenever it was read'),
    heapUsedBytes: processLine.shape.heapUsedBytes.describe('At most, whenever it was read'),
    eventLoopDelayP99Ms: processLine.shape.eventLoopDelayP99Ms.describe('The worst that was read'),
  });

type ProcessResult = z.infer<typeof processResultSchema>;

/** Sums up what each process told of itself at each rate, in the order of the rates. A time for which it is not known is left out. */
export function resultsOfProcesses(lines: readonly ProcessLine[]): ProcessResult[] {
  const groups = Map.groupBy(lines, (line) => `${line.process} ${line.ratePerSecond}`);
  const results = [...groups.values()].map((group) => {
    const { process: name, ratePerSecond } = group[0] as ProcessLine;
    const greatest = (key: 'residentBytes' | 'heapUsedBytes' | 'eventLoopDelayP99Ms') =>
      greatestOf(group.map((line) => line[key]));
    return {
      process: name,
      ratePerSecond,
      cpuShare: cpuShareOf(group),
      residentBytes: greatest('residentBytes'),
      heapUsedBytes: greatest('heapUsedBytes'),
      eventLoopDelayP99Ms: greatest('eventLoopDelayP99Ms'),
    };
  });
  const place = (result: ProcessResult) => ORDER.indexOf(result.process);
  return results.sort(
    (a, b) => (a.ratePerSecond ?? 0) - (b.ratePerSecond ?? 0) || place(a) - place(b),
  );
}

const ORDER = ['target', 'model', 'harness'];

/** CPU time over time: a mean of shares, each as heavy as it lasted. */
function cpuShareOf(lines: readonly ProcessLine[]): number | null {
  const known = lines.flatMap(({ cpuShare, durationMs }) =>
    cpuShare === null ? [] : [{ cpuMs: cpuShare * durationMs, durationMs }],
  );
  const durationMs = known.reduce((sum, one) => sum + one.durationMs, 0);
  return durationMs === 0 ? null : known.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / durationMs;
}

function greatestOf(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

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
