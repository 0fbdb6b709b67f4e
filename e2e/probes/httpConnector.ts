import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { trustedAuthorities } from './tls/trustedAuthorities.ts';

/** A connection as it was opened. */
export type OpenedConnection = {
  openedAtMs: number;
  http: HttpVersion;
  /** Such as TLSv1.3; null without TLS. */
  tls: string | null;
};

/** The failure of a request where the target does not speak the protocol that was asked for. */
export const HTTP2_NOT_SPOKEN = 'HTTP2_NOT_SPOKEN';

export type ConnectorOptions = {
  /** Left to itself, undici takes HTTP/2 wherever TLS offers it. */
  http: HttpVersion;
  onOpen?: ((opened: OpenedConnection) => void) | undefined;
};

/**
 * Opens connections that speak this protocol and no other. TLS is checked against the usual authorities and those of NODE_EXTRA_CA_CERTS.
 * @throws HarnessError ENVIRONMENT_INVALID for a file of authorities that cannot be read
 */
export function httpConnector(
  origin: string,
  { http, onOpen }: ConnectorOptions,
): buildConnector.connector {
  const secureContext = origin.startsWith('https:') ? trustedAuthorities() : null;
  const connect = buildConnector({
    ...(secureContext === null ? {} : { secureContext }),
    allowH2: http === '2',
    preferH2: true,
  });
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const opened = describeSocket(socket);
      if (opened.http !== http) {
        socket.destroy();
        callback(Object.assign(new Error(HTTP2_NOT_SPOKEN), { code: HTTP2_NOT_SPOKEN }), null);
        return;
      }
      onOpen?.(opened);
      callback(null, socket);
    });
}

function describeSocket(socket: Socket | TLSSocket): OpenedConnection {
  const secure = 'alpnProtocol' in socket ? socket : null;
  return {
    openedAtMs: performance.timeOrigin + performance.now(),
    http: secure?.alpnProtocol === 'h2' ? '2' : '1.1',
    tls: secure === null ? null : secure.getProtocol(),
  };
}
