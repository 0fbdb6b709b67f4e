/** Chromium's own errands, which would take time and network from what is measured. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Carries hashes of public keys from the set-up to workers and to Lighthouse's process, comma-separated. */
export const TRUSTED_KEYS_VARIABLE = 'PERF_TRUSTED_KEYS';

/** Carries the hosts that a page may load from, from the set-up to workers and to Lighthouse's process, comma-separated. */
export const PAGE_HOSTS_VARIABLE = 'PERF_PAGE_HOSTS';

/** What each Chromium of ours is started with. */
export function chromiumArguments(): string[] {
  return [
    ...QUIET,
    // Chromium refuses its sandbox to root, as in most containers.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...trustedKeys(),
    ...listedHosts(),
  ];
}

/**
 * Whatever a page asks for (navigation, redirect, frame, worker, web socket), names of other hosts are not even looked up. Chromium decides
 * it where it resolves names, once a connection, so that it costs what is measured nothing.
 */
function listedHosts(): string[] {
  const hosts = pageHosts();
  if (hosts === null) return [];
  const rules = ['MAP * ~NOTFOUND', ...hosts.map((host) => `EXCLUDE ${host}`)];
  return [`--host-resolver-rules=${rules.join(', ')}`];
}

/** Does a page of ours get to this address? */
export function isListed(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return !/^(https?|wss?):$/.test(protocol) || (pageHosts()?.includes(hostname) ?? true);
}

/** Without ports: the rules of the set-up for ports are for what the harness itself sends. Null before the set-up. */
function pageHosts(): string[] | null {
  const hosts = process.env[PAGE_HOSTS_VARIABLE] ?? '';
  return hosts === '' ? null : hosts.split(',').map((host) => host.replace(/:\d+$/, ''));
}

/**
 * Chromium does not read NODE_EXTRA_CA_CERTS. It accepts the certificates with these keys, which the set-up has verified against that file
 * for the hosts of the target; any other is checked as usual.
 */
function trustedKeys(): string[] {
  const hashes = process.env[TRUSTED_KEYS_VARIABLE] ?? '';
  return hashes === '' ? [] : [`--ignore-certificate-errors-spki-list=${hashes}`];
}
