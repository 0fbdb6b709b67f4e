import type { ProviderError } from '../faults/faults.ts';

const MESSAGES: Record<number, string> = {
  400: 'the request was not understood',
  404: 'model not found',
  429: 'too many requests',
  500: 'the model runner has stopped unexpectedly',
  503: 'the server is busy: the queue of requests is full',
};

/** An error as Ollama words it: one JSON object with `error`. Source: Ollama's API documentation. */
export function ollamaError(status: number): ProviderError {
  return {
    headers: {},
    body: JSON.stringify({ error: MESSAGES[status] ?? `the request failed with status ${status}` }),
  };
}
