/** A measured request's mark in the text of its question: scope and index. */
export const NONCE = /\[ref:([0-9a-f]{8})-(\d{1,9})\]/;

// W3C Trace Context, whose trace id is the scope, eight zeros, and the index in sixteen hexadecimal digits.
const TRACEPARENT =
  /^[0-9a-f]{2}-([0-9a-f]{8})0{8}([0-9a-f]{16})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;
const GREATEST_INDEX = 999_999_999;

/** Which measured request a model call belongs to, and where that was read. */
export type CallReference = { scope: string; index: number; matchedBy: 'nonce' | 'traceparent' };

/**
 * Reads the reference from the prompt, else from the `traceparent` header. Of several nonces the last counts:
 * a prompt with the conversation's history carries those of earlier questions too. `null`: not a measured request.
 */
export function readCallReference(
  prompt: string,
  traceparent: string | null,
): CallReference | null {
  const at = prompt.lastIndexOf('[ref:');
  const nonce = at === -1 ? null : lastNonce(prompt);
  if (nonce !== null) return nonce;
  const [, scope, indexHex] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (scope === undefined || indexHex === undefined) return null;
  const index = Number.parseInt(indexHex, 16);
  return index > GREATEST_INDEX ? null : { scope, index, matchedBy: 'traceparent' };
}

function lastNonce(prompt: string): CallReference | null {
  let last: CallReference | null = null;
  for (const [, scope, index] of prompt.matchAll(new RegExp(NONCE.source, 'g'))) {
    if (scope !== undefined && index !== undefined)
      last = { scope, index: Number(index), matchedBy: 'nonce' };
  }
  return last;
}
