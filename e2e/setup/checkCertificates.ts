import { HarnessError } from '../core/harnessError.ts';
import { shownUrl } from '../core/secrets/secretsInUrl.ts';
import { extraAuthoritiesFile, verifyCertificate } from '../probes/certificates.ts';

/**
 * Makes sure that the certificates of the target's API and page are accepted before anything is asked there.
 * @param hosts that the page may ask as well; what is wrong with one of them shows when the page is measured
 * @returns hashes of the public keys that browsers need told of, since their authority is known by NODE_EXTRA_CA_CERTS alone
 * @throws HarnessError TARGET_UNREACHABLE naming the host and who issued its certificate
 */
export async function checkCertificates(
  urls: readonly (string | null)[],
  hosts: readonly string[],
): Promise<string[]> {
  const hashes: (string | null)[] = [];
  for (const url of new Set(urls.filter((one) => one?.startsWith('https:')))) {
    if (typeof url === 'string') hashes.push(await checkCertificate(url));
  }
  if (hashes.every((hash) => hash === null)) return [];
  const others = await Promise.all(hosts.map((host) => verifyCertificate(`https://${host}/`)));
  hashes.push(...others.map((other) => (other.state === 'accepted' ? other.privateKeyHash : null)));
  return [...new Set(hashes.filter((hash) => hash !== null))];
}

async function checkCertificate(url: string): Promise<string | null> {
  const check = await verifyCertificate(url);
  // Who cannot be reached is told by the checks of what is answered.
  if (check.state === 'unreachable') return null;
  if (check.state === 'accepted') return check.privateKeyHash;
  const file = extraAuthoritiesFile();
  throw new HarnessError({
    code: 'TARGET_UNREACHABLE',
    summary: `The TLS certificate of ${new URL(url).host} is not accepted.`,
    file: shownUrl(url),
    found: `${check.code}; issued by ${JSON.stringify(check.issuer.slice(0, 200))}`,
    expected:
      file === null
        ? 'a certificate of an authority that this machine knows'
        : `a certificate for this host, of an authority that this machine knows or that stands in ${file}`,
    remedy:
      file === null
        ? 'Name a PEM file with the certificate of that authority in NODE_EXTRA_CA_CERTS; API, browser and Lighthouse all use it.'
        : `Put the certificate of that authority in ${file} (NODE_EXTRA_CA_CERTS), or have the certificate of the host mended.`,
  });
}
