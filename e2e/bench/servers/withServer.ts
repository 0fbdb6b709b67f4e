import { type StartedProcess, startProcess } from '../../setup/startProcess.ts';
import type { ServerOptions } from './server.ts';

/** Starts a server of `server.ts` in a process of its own, cold, for one turn of one tool, and stops it afterwards. */
export function withServer<T, Kind extends keyof ServerOptions>(
  kind: Kind,
  options: ServerOptions[Kind],
  use: (server: StartedProcess) => Promise<T>,
): Promise<T> {
  return withProcess('e2e/bench/servers/server.ts', [kind, JSON.stringify(options)], use);
}

/** The same with any program of the repository. */
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

/** What a server has noted. @throws Error where it does not answer */
export async function readLog(url: string): Promise<unknown> {
  const response = await fetch(new URL('/log', url));
  if (!response.ok) throw new Error(`the server's log: status ${response.status}`);
  return response.json();
}
