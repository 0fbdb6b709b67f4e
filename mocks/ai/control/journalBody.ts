const ENTRIES_A_TURN = 500;
const encoder = new TextEncoder();

/** Entries, ended or open, as NDJSON, a few hundred at a time: to write a long journal at once would hold up the calls in flight. */
export function journalBody(entries: readonly object[]): ReadableStream<Uint8Array> {
  let from = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (from >= entries.length) return controller.close();
      const turn = entries.slice(from, from + ENTRIES_A_TURN);
      from += ENTRIES_A_TURN;
      controller.enqueue(
        encoder.encode(turn.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
      );
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
}
