/** Longer than any line a well-behaved service sends; what is longer must not fill the page's memory. */
const maxLineLength = 1_000_000;

/**
 * The lines of a byte stream, in batches: each batch holds the lines that one network chunk completed, so that a page can
 * show them in one go. Lines and characters may be split anywhere between chunks; blank lines are left out.
 * @throws RangeError if a line is longer than a million UTF-16 units
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string[], void, undefined> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maxLineLength) throw new RangeError('A line of the answer is too long.');
      const batch = lines.filter((line) => line.trim() !== '');
      if (batch.length > 0) yield batch;
    }
    if (rest.trim() !== '') yield [rest];
  } finally {
    // Where the consumer stops early, the connection is given back; on a finished or failed stream this does nothing.
    await reader.cancel().catch(() => undefined);
  }
}
