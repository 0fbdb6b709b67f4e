import type { RequestLine } from '../core/record/recordLine.ts';
import { formatValue } from '../core/verdict/format.ts';
import type { ApiClient } from '../salestalk/apiClient.ts';
import { sampleLine } from './iterations.ts';

/** What the API's process held after some requests. */
export type HeapReading = UsedHeap & { index: number; sentAtMs: number };

/** Heap in use, in bytes, or why it is not known. */
type UsedHeap = { usedBytes: number | null; failure: string | null };

/**
 * The heap in use of a warm process whose garbage is collected was seen to fall by less than 1 % from one reading to the next; with
 * garbage in it, by 20 % and more whenever that is collected.
 */
const MAX_FALL = 0.1;

/** Reads how much of its heap the API's process has in use. Resident memory is of no help: a process keeps what it once had. */
export async function readUsedHeap(api: Pick<ApiClient, 'readMemory'>): Promise<UsedHeap> {
  const reading = await api.readMemory();
  if (reading.memory === null) return { usedBytes: null, failure: reading.reason };
  const { heapUsedBytes } = reading.memory;
  return heapUsedBytes === null
    ? { usedBytes: null, failure: 'its metrics do not tell how much of its heap is in use' }
    : { usedBytes: heapUsedBytes, failure: null };
}

/**
 * Rejects readings that contain garbage, which looks like a leak until it is collected: where the heap falls far between two readings, none
 * of them shows what is retained.
 */
export function rejectUncollectedReadings(readings: HeapReading[]): HeapReading[] {
  const read = readings.flatMap(({ usedBytes }) => (usedBytes === null ? [] : [usedBytes]));
  const fall = read
    .map((beforeBytes, at) => ({ beforeBytes, afterBytes: read[at + 1] ?? beforeBytes }))
    .find(({ beforeBytes, afterBytes }) => afterBytes < beforeBytes * (1 - MAX_FALL));
  if (fall === undefined) return readings;
  const [before, after] = [fall.beforeBytes, fall.afterBytes].map((b) => formatValue(b, 'B'));
  const failure = `its metrics tell of garbage too: from ${before} to ${after} between two readings`;
  return readings.map((one) => ({ ...one, failure: one.failure ?? failure, usedBytes: null }));
}

/** A reading as a line of the record. */
export function readingLine(
  { workload, operation, scope, requestsPerReading }: ReadingSeries,
  { index, sentAtMs, failure, usedBytes }: HeapReading,
  warmUp: boolean,
): RequestLine {
  return sampleLine(
    { name: workload, operation, via: 'process' },
    { scope, index },
    {
      sentAtMs,
      tenant: null,
      failure,
      requestId: null,
      values: { uses: requestsPerReading, ...(usedBytes === null ? {} : { usedBytes }) },
      checks: {},
      objection: null,
      warmUp,
    },
  );
}

export type ReadingSeries = {
  workload: string;
  operation: string;
  scope: string;
  requestsPerReading: number;
};
