import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartupError } from './startupError.ts';

/** Has a server listen, and says under which URL. @throws StartupError `PORT_IN_USE`, `CANNOT_LISTEN` */
export function listenOn(server: Server, at: { host: string; port: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const place = `port ${at.port} on ${at.host}`;
      const remedy = 'Stop the program that listens there, or choose another with --port.';
      reject(
        error.code === 'EADDRINUSE'
          ? new StartupError('PORT_IN_USE', `${place} is taken. ${remedy}`)
          : new StartupError('CANNOT_LISTEN', `${place} cannot be used: ${error.message}`),
      );
    });
    server.listen(at.port, at.host, () => {
      const { port } = server.address() as AddressInfo;
      const host = at.host.includes(':') ? `[${at.host}]` : at.host;
      resolve(`http://${host}:${port}`);
    });
  });
}
