/** A thousand times what an answer of SalesTalk holds. A target that sends more must not take the memory that others are measured in. */
export const MOST_BODY_BYTES = 8 * 1024 * 1024;

/** The failure of a request whose answer is larger, as it was announced, sent or decoded. */
export const BODY_TOO_LARGE = 'body too large';

/** The text of an answer to `fetch`. @throws Error `BODY_TOO_LARGE`, with the rest left unread; what the connection throws */
export async function readBody(response: Response, mostBytes = MOST_BODY_BYTES): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // Leaving the loop early cancels the body.
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new Error(BODY_TOO_LARGE);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
