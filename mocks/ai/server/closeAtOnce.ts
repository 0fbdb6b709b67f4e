import type { Server, Socket } from 'node:net';

/** Closes a server together with its connections, which end, or are reset as if nobody had ever listened. */
export type Close = (connections?: 'end' | 'reset') => Promise<void>;

/** Keeps track of a server's connections and returns what closes both. */
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
