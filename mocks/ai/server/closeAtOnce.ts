import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';

/** Keeps track of a server's connections and returns what closes it together with them. */
export function closeAtOnce(server: Server): () => Promise<void> {
  const open = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
}
