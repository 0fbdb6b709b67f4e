import type { Server } from 'node:net';

/** What is to be tried with another port, e.g. `--port`. */
export type Place = { host: string; port: number; portOption: string };

/** Listens and gives the port, which the system chooses where 0 is asked for. Fails with a StartError that says what to do. */
export function listen(server: Server, { host, port, portOption }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new StartError(
              'PORT_IN_USE',
              `port ${port} on ${host} is taken. Stop the program that listens there, or choose another with ${portOption}.`,
            )
          : new StartError(
              'LISTEN_FAILED',
              `cannot listen on ${host} port ${port}: ${error.message}.`,
            ),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new StartError('LISTEN_FAILED', `${host} port ${port} has no address.`));
    });
  });
}

/** Why the mock cannot start, in words for the person who started it. The code is stable. */
export class StartError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'StartError';
    this.code = code;
  }
}
