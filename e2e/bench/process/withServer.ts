import { type StartedProcess, startProcess } from '../../setup/startProcess.ts';

/** Starts a program of `servers/` in a process of its own, cold, for one turn of one tool, and ends it afterwards. */
export async function withServer<T>(
  script: string,
  args: string[],
  use: (server: StartedProcess) => Promise<T>,
): Promise<T> {
  const server = await startProcess(`e2e/bench/servers/${script}`, args, {});
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
