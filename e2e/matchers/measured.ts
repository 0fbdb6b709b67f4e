import type { Objective } from '../core/budget/objective.ts';
import type { RunRecord } from '../core/record/runRecord.ts';

/** What can be held to a budget: anything that reads the record of the run. */
export type Measured = {
  readRecord(): RunRecord;
  /** Does once more what an objective was missed by, to find the cause; null where there is nothing to do. Asked once the measuring is over. */
  diagnose?(objective: Objective): Promise<Evidence | null>;
};

/** What tells the cause of a miss. */
export type Evidence = {
  /** What was found, in a sentence; null where nothing stood out. */
  found: string | null;
  files: EvidenceFile[];
};

/** A file for the report; `name` is what stands there, and Playwright goes by its end. */
export type EvidenceFile = { name: string; path: string; contentType: string };
