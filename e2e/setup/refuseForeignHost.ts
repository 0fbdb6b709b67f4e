import { HarnessError } from '../core/harnessError.ts';

/**
 * Nothing is sent to a host that the committed budget does not name: a slip in a variable must not turn a test into an attack.
 * Host and port are compared as parsed. An entry without a port allows each port of the host.
 * @throws HarnessError HOST_NOT_ALLOWED
 */
export function refuseForeignHost(
  url: string,
  variable: string,
  hosts: string[],
  file: string,
): void {
  const { hostname, host, protocol } = new URL(url);
  const withPort = /:\d+$/.test(host) ? host : `${host}:${protocol === 'https:' ? 443 : 80}`;
  if (hosts.some((allowed) => allowed === hostname || allowed === withPort)) return;
  throw new HarnessError({
    code: 'HOST_NOT_ALLOWED',
    summary: `${variable} names a host that may not be driven.`,
    file,
    path: 'hosts',
    found: withPort,
    expected: hosts.join(', '),
    remedy: `If this host may be put under test, add it to "hosts" in ${file} and have that reviewed.`,
  });
}

/** Does a URL name this machine itself, whatever a name server says? */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
