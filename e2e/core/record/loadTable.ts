import type { LoadLine, LoadStep } from './loadLine.ts';

/** A request of a load, as a derivation reads it; null is what was not observed, or never happened. */
export type LoadRequest = {
  id: string;
  /** Intended start. */
  dueAtMs: number;
  /** Null: never sent. */
  lateMs: number | null;
  serviceMs: number | null;
  modelMs: number | null;
  operation: string;
  tenant: string;
  failure: string | null;
  isolated: boolean | null;
  connectionReused: boolean | null;
};

/** Lines of one load, with places into them: what is asked of a million requests is read off their columns. */
export class LoadTable {
  readonly workload: string;
  readonly lines: readonly LoadLine[];

  constructor(workload: string, lines: readonly LoadLine[]) {
    this.workload = workload;
    this.lines = lines;
  }

  /** Requests that are judged, in the order of intended starts within each line; the object is the same each time. */
  *judged(): Generator<LoadRequest> {
    for (const line of this.lines) if (!line.warmUp) yield* requestsOf(line);
  }

  /** How many are judged. */
  get n(): number {
    return this.lines.reduce((sum, { warmUp, index }) => sum + (warmUp ? 0 : index.length), 0);
  }

  /** The same load split by the steps of a search, in the order in which they began. */
  steps(): { step: LoadStep; table: LoadTable }[] {
    const groups = Map.groupBy(this.lines, ({ step }) => `${step.model} ${step.ratePerSecond}`);
    return [...groups.values()].map((lines) => ({
      step: (lines[0] as LoadLine).step,
      table: new LoadTable(this.workload, lines),
    }));
  }
}

function* requestsOf(line: LoadLine): Generator<LoadRequest> {
  const request = {} as LoadRequest;
  for (let at = 0; at < line.index.length; at++) yield readInto(request, line, at);
}

function readInto(request: LoadRequest, line: LoadLine, at: number): LoadRequest {
  const failure = line.failure[at] as number | null;
  request.id = `${line.scope}-${line.index[at]}`;
  request.dueAtMs = line.fromMs + (line.dueMs[at] as number);
  request.lateMs = line.lateMs[at] as number | null;
  request.serviceMs = line.serviceMs[at] as number | null;
  request.modelMs = line.modelMs[at] as number | null;
  request.operation = line.operations[line.operation[at] as number] as string;
  request.tenant = line.tenants[line.tenant[at] as number] as string;
  request.failure = failure === null ? null : (line.failures[failure] as string);
  request.isolated = line.isolated[at] as boolean | null;
  request.connectionReused = line.connectionReused[at] as boolean | null;
  return request;
}
