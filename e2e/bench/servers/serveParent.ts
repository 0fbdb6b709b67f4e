import type { AddressInfo, Server } from 'node:net';

/** Listens on a free port of this machine, tells the parent where, and ends when the parent does, however that ends. */
export function serveParent(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    process.stdout.write(`${JSON.stringify({ event: 'listening', url })}\n`);
  });
  const end = (): void => process.exit(0);
  process.on('SIGTERM', end);
  process.stdin.on('end', end).on('close', end).resume();
}
