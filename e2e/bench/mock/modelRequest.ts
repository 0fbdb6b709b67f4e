/** A call as SalesTalk makes it to classify a question, unstreamed. */
export const MODEL_PATH = '/api/generate';

export const MODEL_REQUEST = JSON.stringify({
  model: 'llama3.2',
  prompt: 'Classify the question. Answer with one JSON object.\nQuestion: What is Q3 revenue?',
  stream: false,
});

/** What the mock answers to it, for a server that is to answer the same. @throws Error where it does not answer well */
export async function answerOf(url: string): Promise<Uint8Array> {
  const response = await fetch(new URL(MODEL_PATH, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: MODEL_REQUEST,
  });
  if (response.status !== 200) throw new Error(`the AI mock answers ${response.status}`);
  return response.bytes();
}
