import { once } from 'node:events';
import { type AddressInfo, isIPv6, type Server } from 'node:net';
import process from 'node:process';

/** Why a server does not start: a stable code, and a message that says what to do. */
export class StartError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'StartError';
    this.code = code;
  }
}

/** Where a server listens. `portOption` names the option for another port in messages, e.g. `--port`. */
export type ListenOptions = { host: string; port: number; portOption: string };

/** Listens and gives the port, which the system chooses for port 0. @throws StartError `PORT_IN_USE`, `LISTEN_FAILED` */
export async function listen(
  server: Server,
  { host, port, portOption }: ListenOptions,
): Promise<number> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const remedy = `Stop the program that listens there, or choose another with ${portOption}.`;
    throw code === 'EADDRINUSE'
      ? new StartError('PORT_IN_USE', `port ${port} on ${host} is taken. ${remedy}`)
      : new StartError('LISTEN_FAILED', `cannot listen on ${host} port ${port}: ${message}.`);
  }
  return (server.address() as AddressInfo).port;
}

/** The URL at which a client on this machine reaches a server. Nothing can connect to an address that means "everywhere". */
export function buildUrl(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** A server that accepts connections. `hint` tells people how to use it. */
type RunningServer = {
  name: string;
  url: string;
  controlUrl?: string | null;
  hint: string;
  stop: () => Promise<void>;
};

/**
 * Runs a server as this process, until a signal ends it or its parent. Where only help was asked for, `start` resolves to its text.
 * Standard output carries one JSON line, which announces the server to the parent; words for people go to standard error.
 */
export async function runServer(start: () => Promise<RunningServer | string>): Promise<void> {
  try {
    const started = await start();
    if (typeof started === 'string') {
      process.stdout.write(started);
      return;
    }
    const { name, url, controlUrl, hint, stop } = started;
    endWithParent(stop);
    const listening = { event: 'listening', name, url, ...(controlUrl ? { controlUrl } : {}) };
    process.stdout.write(`${JSON.stringify(listening)}\n`);
    if (!hasParent()) process.stderr.write(hint);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    process.exitCode = 1;
  }
}

const hasParent = (): boolean => process.env.EXIT_WITH_PARENT === '1';

/** Ends the server on a signal, and when its parent's end of the pipe closes: a parent that is killed runs no clean-up. */
function endWithParent(stop: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    stop().finally(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (!hasParent()) return;
  process.stdin.on('end', end);
  process.stdin.on('close', end);
  process.stdin.resume();
}
