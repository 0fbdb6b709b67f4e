/** The same bytes; whoever makes them gets to the end, whether or not anyone reads them to the end. */
export function readOn(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let isRead = true;
  return new ReadableStream({
    async start(controller) {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        if (isRead) controller.enqueue(value);
      }
      if (isRead) controller.close();
    },
    cancel() {
      isRead = false;
    },
  });
}
