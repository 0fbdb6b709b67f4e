import { type StartedProcess, startProcess } from '../../setup/startProcess.ts';
import type { ServerOptions } from './server.ts';

/** Starts a server of `server.ts` as a new process for one turn of a tool, and stops it afterwards. */
export function withServer<T, Kind extends keyof ServerOptions>(
  kind: Kind,
  options: ServerOptions[Kind],
  use: (server: StartedProcess) => Promise<T>,
): Promise<T> {
  return withProcess('e2e/bench/servers/server.ts', [kind, JSON.stringify(options)], use);
}

/** As `withServer`, with any program of the repository. */
export async function withProcess<T>(
  script: string,
  args: string[],
  use: (server: StartedProcess) => Promise<T>,
): Promise<T> {
  const server = await startProcess(script, args, {});
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** The log of a server. @throws Error if it does not answer */
export async function readLog(url: string): Promise<unknown> {
  const response = await fetch(new URL('/log', url));
  if (!response.ok) throw new Error(`the server's log: status ${response.status}`);
  return response.json();
}
