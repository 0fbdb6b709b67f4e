import type { Browser } from '@playwright/test';
import type { Objective } from '../core/budget/objective.ts';
import type { AiMockControl } from '../probes/aiMock.ts';
import type { ApiClient } from '../salestalk/apiClient.ts';
import type { RecordWriter } from '../setup/recordWriter.ts';
import type { RunContext } from '../setup/runContext.ts';
import type { Tokens } from '../setup/tokens.ts';

/** What measuring takes, be it of the API, of a page or of a process. */
export type MeasuringContext = {
  run: RunContext;
  /** Ids of the objectives that the run judges. */
  selected: readonly string[];
  record: RecordWriter;
  /** Null: the model is a real one, or none is called. */
  aiMock: AiMockControl | null;
  api: ApiClient;
  tokens: Tokens;
  /** Opens a browser of its own, with these arguments beside the usual ones. */
  openBrowser: (args?: readonly string[]) => Promise<Browser>;
};

/** The part of it that each workload takes, whatever it measures. */
export type WorkloadContext = Pick<MeasuringContext, 'run' | 'selected' | 'record' | 'aiMock'>;

/**
 * The objectives that a workload is measured for: of those that it serves, the ones that the run judges. Where the run judges none of
 * them, a test has asked for the workload itself, and all of them count.
 */
export function objectivesToMeasure(
  { run, selected }: Pick<MeasuringContext, 'run' | 'selected'>,
  serves: (objective: Objective) => boolean,
): Objective[] {
  const served = run.header.objectives.filter(serves);
  const judged = served.filter(({ id }) => selected.includes(id));
  return judged.length === 0 ? served : judged;
}
