import type { EventData } from 'node:test';

type RunnerEvent = { type: string; data: unknown };

/** A reporter of node:test that writes nothing but the counts of the whole run, as JSON. */
export default async function* reportCounts(
  events: AsyncIterable<RunnerEvent>,
): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:summary') continue;
    const { file, counts } = data as EventData.TestSummary;
    // With a file, it is the summary of that file alone.
    if (file === undefined) yield JSON.stringify(counts);
  }
}
