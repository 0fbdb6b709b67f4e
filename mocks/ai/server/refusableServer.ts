import type { Server, Socket } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { type ListenOptions, listen } from '../../serverProcess.ts';
import { epochMs } from '../clock.ts';
import { type RequestListener, serveBothProtocols } from './serveBothProtocols.ts';

const RETRY_MS = 20;

/**
 * A server of both protocols whose port can refuse connections for a while, as that of a provider that is down does.
 * It comes back as a new server with the same listener, since Deno's does not listen twice.
 */
export class RefusableServer {
  readonly #listener: RequestListener;
  #listenOptions: ListenOptions;
  #close: Close | null = null;
  #reopening: NodeJS.Timeout | undefined;
  #stopped = false;
  #isRefusing = false;
  #refusingUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    listener: (isRefusing: () => boolean) => RequestListener,
    listenOptions: ListenOptions,
  ) {
    this.#listenOptions = listenOptions;
    this.#listener = listener(() => this.isRefusing);
  }

  /** Listens and gives the port. @throws StartError */
  async open(): Promise<number> {
    const server = serveBothProtocols(this.#listener);
    const close = closeAtOnce(server);
    const port = await listen(server, this.#listenOptions);
    // It comes back on the same port.
    this.#listenOptions = { ...this.#listenOptions, port };
    this.#close = close;
    return port;
  }

  get isRefusing(): boolean {
    return this.#isRefusing;
  }

  /**
   * Refuses connections and resets open ones. Resolves once it does, to the end of the refusal, milliseconds since the epoch.
   * A second call replaces that end.
   */
  async refuse(forMs: number): Promise<number> {
    this.#isRefusing = true;
    this.#refusingUntilMs = epochMs() + forMs;
    await this.#closeNow('reset');
    this.#reopenIn(this.#refusingUntilMs - epochMs());
    return this.#refusingUntilMs;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#reopening);
    await this.#closeNow('end');
  }

  async #closeNow(connections: 'end' | 'reset'): Promise<void> {
    const close = this.#close;
    this.#close = null;
    await close?.(connections);
  }

  #reopenIn(delayMs: number): void {
    clearTimeout(this.#reopening);
    if (!this.#stopped) this.#reopening = setTimeout(() => this.#reopen(), Math.max(0, delayMs));
  }

  async #reopen(): Promise<void> {
    if (this.#close !== null) return;
    // A timer of whole milliseconds may be early by one.
    const earlyMs = this.#refusingUntilMs - epochMs();
    if (earlyMs > 0) return this.#reopenIn(earlyMs);
    try {
      await this.open();
    } catch {
      // Another program may have taken the port meanwhile, and may leave it again.
      return this.#reopenIn(RETRY_MS);
    }
    // It was stopped, or asked to refuse again, while it started to listen.
    if (this.#stopped || epochMs() < this.#refusingUntilMs) return this.#closeNow('reset');
    this.#isRefusing = false;
  }
}

type Close = (connections?: 'end' | 'reset') => Promise<void>;

/** Tracks a server's connections. Returns a function that closes the server and them. */
export function closeAtOnce(server: Server): Close {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return (connections = 'end') =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) {
        if (connections === 'reset') socket.resetAndDestroy();
        else socket.destroy();
      }
    });
}
