import type { Browser } from '@playwright/test';
import type { Objective } from '../core/budget/objective.ts';
import type { AiMockControl } from '../probes/aiMock.ts';
import type { ApiClient } from '../salestalk/apiClient.ts';
import type { RecordWriter } from '../setup/recordWriter.ts';
import type { RunContext } from '../setup/runContext.ts';
import type { Tokens } from '../setup/tokens.ts';

export type MeasuringContext = {
  run: RunContext;
  /** Ids of the objectives that the run judges. */
  selected: readonly string[];
  record: RecordWriter;
  /** Null for a real model, or if no model is called. */
  aiMock: AiMockControl | null;
  api: ApiClient;
  tokens: Tokens;
  /** Opens a new browser, with these arguments beside the usual ones. */
  openBrowser: (args?: readonly string[]) => Promise<Browser>;
};

export type WorkloadContext = Pick<MeasuringContext, 'run' | 'selected' | 'record' | 'aiMock'>;

type Selection = Pick<MeasuringContext, 'run' | 'selected'>;

export function judgedObjectives({ run, selected }: Selection): Objective[] {
  return run.header.objectives.filter(({ id }) => selected.includes(id));
}

/** Those that a workload serves and the run judges; if none, a test has asked for the workload itself, and all that it serves count. */
export function objectivesToMeasure(
  selection: Selection,
  serves: (objective: Objective) => boolean,
): Objective[] {
  const judged = judgedObjectives(selection).filter(serves);
  return judged.length === 0 ? selection.run.header.objectives.filter(serves) : judged;
}
