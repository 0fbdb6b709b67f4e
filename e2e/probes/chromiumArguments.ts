/** Chromium's own errands, which would take time and network from what is measured. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Carries hashes of public keys from the set-up to workers and to Lighthouse's process, comma-separated. */
export const TRUSTED_KEYS_VARIABLE = 'PERF_TRUSTED_KEYS';

/** What each Chromium of ours is started with. */
export function chromiumArguments(): string[] {
  return [
    ...QUIET,
    // Chromium refuses its sandbox to root, as in most containers.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...trustedKeys(),
  ];
}

/**
 * Chromium does not read NODE_EXTRA_CA_CERTS. It accepts the certificates with these keys, which the set-up has verified against that file
 * for the hosts of the target; any other is checked as usual.
 */
function trustedKeys(): string[] {
  const hashes = process.env[TRUSTED_KEYS_VARIABLE] ?? '';
  return hashes === '' ? [] : [`--ignore-certificate-errors-spki-list=${hashes}`];
}
