/** Marks of measured requests in the text of their questions: scope and index. */
export const NONCES = /\[ref:([0-9a-f]{8})-(\d{1,9})\]/g;

// W3C Trace Context, whose trace id is the scope, eight zeros, and the index in sixteen hexadecimal digits.
const TRACEPARENT =
  /^[0-9a-f]{2}-([0-9a-f]{8})0{8}([0-9a-f]{16})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;
const MAX_INDEX = 999_999_999;

/** Which measured request a model call belongs to, and where that was read. */
type CallReference = { scope: string; index: number; matchedBy: 'nonce' | 'traceparent' };

/**
 * Reads the reference from the prompt, else from the `traceparent` header. Of several nonces the last counts:
 * a prompt with the conversation's history carries those of earlier questions too. `null`: not a measured request.
 */
export function readCallReference(
  prompt: string,
  traceparent: string | null,
): CallReference | null {
  const [nonce, scope = '', index] = [...prompt.matchAll(NONCES)].at(-1) ?? [];
  if (nonce !== undefined) return { scope, index: Number(index), matchedBy: 'nonce' };
  const [trace, traceScope = '', indexHex = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const traceIndex = Number.parseInt(indexHex, 16);
  if (trace === undefined || traceIndex > MAX_INDEX) return null;
  return { scope: traceScope, index: traceIndex, matchedBy: 'traceparent' };
}
