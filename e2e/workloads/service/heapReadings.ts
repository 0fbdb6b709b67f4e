import type { Objective } from '../../core/budget/objective.ts';
import type { SampleLine } from '../../core/record/measurementLine.ts';
import { formatValue } from '../../core/verdict/format.ts';
import type { ApiClient } from '../../salestalk/apiClient.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import { createSampleLine } from '../iterations.ts';
import { nowEpochMs } from '../recordWorkload.ts';

export type HeapReading = UsedHeap & { index: number; sentAtMs: number };

/** Heap in use, in bytes, or why it is not known. */
type UsedHeap = { usedBytes: number | null; failure: string | null };

/** Without garbage, the heap of a warm process was seen to fall by less than 1 % between readings; with garbage, by 20 % and more. */
const MAX_FALL = 0.1;

/** Reads how much of its heap the API's process uses. Resident memory would not do: a process keeps what it once had. */
export async function readUsedHeap(api: Pick<ApiClient, 'readProcess'>): Promise<UsedHeap> {
  const reading = await api.readProcess();
  if (reading.process === null) return { usedBytes: null, failure: reading.reason };
  const { heapUsedBytes } = reading.process;
  return heapUsedBytes === null
    ? { usedBytes: null, failure: 'its metrics do not say how much of its heap is in use' }
    : { usedBytes: heapUsedBytes, failure: null };
}

/** Garbage looks like a leak until it is collected: if the heap falls far between two readings, none shows what is retained. */
export function rejectUncollectedReadings(readings: HeapReading[]): HeapReading[] {
  const read = readings.flatMap(({ usedBytes }) => (usedBytes === null ? [] : [usedBytes]));
  const fall = read
    .map((beforeBytes, at) => ({ beforeBytes, afterBytes: read[at + 1] ?? beforeBytes }))
    .find(({ beforeBytes, afterBytes }) => afterBytes < beforeBytes * (1 - MAX_FALL));
  if (fall === undefined) return readings;
  const [before, after] = [fall.beforeBytes, fall.afterBytes].map((b) => formatValue(b, 'B'));
  const failure = `its metrics include garbage: from ${before} to ${after} between two readings`;
  return readings.map((one) => ({ ...one, failure: one.failure ?? failure, usedBytes: null }));
}

export function createReadingLine(
  { workload, operation, scope, requestsPerReading }: ReadingSeries,
  { index, sentAtMs, failure, usedBytes }: HeapReading,
  warmUp: boolean,
): SampleLine {
  const values = usedBytes === null ? {} : { usedBytes };
  return createSampleLine(
    { name: workload, operation },
    { scope, index },
    { type: 'memory', sentAtMs, failure, iterations: requestsPerReading, values, warmUp },
  );
}

type ReadingSeries = {
  workload: string;
  operation: string;
  scope: string;
  requestsPerReading: number;
};

/** Fewer requests than expected may arrive, since arrivals are random. */
const MARGIN = 0.97;

type LoadToWatch = {
  workload: string;
  scope: string;
  objectives: readonly Objective[];
  /** Number of requests that are expected to be judged; null if unknown. */
  expected: number | null;
  /** Of this many requests one is sent by this machine. */
  of: number;
};

/**
 * Reads the heap of the API's process under load: before the first request, and then at equal distances, as often as the objectives on
 * memory need. Does not wait for requests in flight: a few dozen are held at any time.
 * @returns null without an objective on memory, or if the number of requests is unknown
 */
export async function watchMemory(
  api: Pick<ApiClient, 'readProcess'>,
  record: Pick<RecordWriter, 'append'>,
  { workload, scope, objectives, expected, of }: LoadToWatch,
) {
  const operation = `${workload}.memory`;
  const ofMemory = objectives.filter((objective) => objective.operation === operation);
  if (ofMemory.length === 0 || expected === null) return null;
  const readings = Math.max(...ofMemory.map(({ sampleBudget }) => sampleBudget));
  const ownPerReading = Math.max(1, Math.floor((expected * MARGIN) / readings / of));
  const requestsPerReading = ownPerReading * of;
  const series = { workload, operation, scope, requestsPerReading };
  const toLine = (reading: HeapReading) => createReadingLine(series, reading, reading.index === 0);
  const read = async (index: number): Promise<HeapReading> => {
    const sentAtMs = nowEpochMs();
    const reading = { index, sentAtMs, ...(await readUsedHeap(api)) };
    record.append(toLine(reading));
    return reading;
  };
  // Not judged: the first reading itself creates objects in the process.
  await read(0);
  const judgedReadings: Promise<HeapReading>[] = [];
  let judged = 0;
  return {
    /** Must be called for each judged request that has ended. */
    onJudged(): void {
      judged++;
      if (judged % ownPerReading === 0 && judgedReadings.length < readings)
        judgedReadings.push(read(judgedReadings.length + 1));
    },
    isComplete: (): boolean => judgedReadings.length >= readings,
    /** Resolves once every reading is recorded, and once more as failed if they contain garbage. */
    async end(): Promise<void> {
      const done = await Promise.all(judgedReadings);
      const checked = rejectUncollectedReadings(done);
      if (checked !== done) record.append(...checked.map(toLine));
    },
  };
}
