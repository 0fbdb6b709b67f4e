import type { ServerResponse } from 'node:http';
import { epochMs } from '../clock.ts';
import type { Call } from '../journal/callLog.ts';
import type { NodeBindings } from './nodeBindings.ts';

/**
 * Where a call's answer leaves, which stamps its first and last byte. Bytes are stamped right before they are handed to the socket:
 * a stamp after it can come later than the client has them, and what the client took itself would come out below nothing.
 */
export class Outlet {
  readonly #outgoing: ServerResponse;
  readonly #call: Call;
  readonly #status: number;
  readonly #headers: Record<string, string>;
  #sentAtMs: number | null = null;

  constructor(options: {
    outgoing: NodeBindings['outgoing'];
    call: Call;
    status: number;
    headers: Record<string, string>;
  }) {
    // Both protocols' responses have these methods; their overloads only differ in what is not used here.
    this.#outgoing = options.outgoing as ServerResponse;
    this.#call = options.call;
    this.#status = options.status;
    this.#headers = options.headers;
  }

  /** Sends a piece. Resolves when there is room for another, or nobody left to take it. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#stamp(bytes);
    if (!this.#outgoing.write(bytes)) await this.#roomOrClose();
  }

  /** Sends the last piece. */
  endWith(bytes: Uint8Array): void {
    this.#call.lastByteAtMs = this.#stamp(bytes);
    this.#outgoing.end(bytes);
  }

  /** Ends the answer where that was not known of the piece before, or there was none. */
  end(): void {
    if (this.#call.status === null) this.#writeHead();
    this.#call.lastByteAtMs = this.#sentAtMs ?? epochMs();
    this.#call.firstByteAtMs ??= this.#call.lastByteAtMs;
    this.#outgoing.end();
  }

  #stamp(bytes: Uint8Array): number {
    if (this.#call.status === null) this.#writeHead();
    this.#sentAtMs = epochMs();
    this.#call.firstByteAtMs ??= this.#sentAtMs;
    this.#call.responseBytes += bytes.byteLength;
    return this.#sentAtMs;
  }

  // The head leaves with the first piece, as a model server knows nothing to say before.
  #writeHead(): void {
    this.#call.status = this.#status;
    this.#call.retryAfter = this.#headers['retry-after'] ?? null;
    this.#outgoing.writeHead(this.#status, this.#headers);
  }

  #roomOrClose(): Promise<void> {
    const outgoing = this.#outgoing;
    return new Promise((resolve) => {
      const go = (): void => {
        outgoing.off('drain', go);
        outgoing.off('close', go);
        resolve();
      };
      outgoing.on('drain', go);
      outgoing.on('close', go);
    });
  }
}
