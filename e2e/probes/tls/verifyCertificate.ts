import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import tls from 'node:tls';
import { extraAuthoritiesFile, trustedAuthorities } from './trustedAuthorities.ts';

/** What a TLS handshake with a host came to. */
export type CertificateCheck =
  | {
      state: 'accepted';
      /** SHA-256 of its public key, in Base64, where only an authority of NODE_EXTRA_CA_CERTS vouches for it; else null. */
      privateKeyHash: string | null;
    }
  | { state: 'rejected'; code: string; issuer: string }
  /** No TLS was agreed on, for a reason that is not the certificate's. */
  | { state: 'unreachable' };

const TIMEOUT_MS = 10_000;
/** Codes of Node and Deno for a certificate that is not accepted (OpenSSL's X509_V_ERR_…). */
const OF_CERTIFICATES = /CERT|SIGNATURE|ISSUER/;

/** Checks chain, time and host name of the certificate of an https URL, as the HTTP client does. */
export async function verifyCertificate(url: string): Promise<CertificateCheck> {
  const extra = extraAuthoritiesFile() === null ? null : trustedAuthorities();
  const usual = await handshake(url, extra === null ? {} : { ca: [...tls.rootCertificates] });
  if (usual.error === null) return { state: 'accepted', privateKeyHash: null };
  if (!OF_CERTIFICATES.test(usual.error)) return { state: 'unreachable' };
  const checked = extra === null ? usual : await handshake(url, { secureContext: extra });
  if (checked.error === null) {
    return { state: 'accepted', privateKeyHash: hashOfKey(checked.certificate) };
  }
  // Nothing is sent: it is opened to read who issued what was just rejected.
  const { certificate } = await handshake(url, { rejectUnauthorized: false });
  const issuer = certificate?.issuer.replaceAll('\n', ', ') ?? 'unknown';
  return { state: 'rejected', code: checked.error, issuer };
}

type Handshake =
  | { error: null; certificate: X509Certificate }
  | { error: string; certificate: null };

function handshake(url: string, options: tls.ConnectionOptions): Promise<Handshake> {
  const { hostname, port } = new URL(url);
  const host = hostname.replaceAll(/[[\]]/g, '');
  const servername = isIP(host) === 0 ? host : '';
  return new Promise((resolve) => {
    const socket = tls.connect({ ...options, host, port: Number(port || 443), servername });
    const end = (result: Handshake): void => {
      resolve(result);
      socket.destroy();
    };
    const fail = (error: string): void => end({ error, certificate: null });
    socket
      .setTimeout(TIMEOUT_MS, () => fail('timeout'))
      .on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.name))
      .on('secureConnect', () => {
        const certificate = new X509Certificate(socket.getPeerCertificate().raw);
        end({ error: null, certificate });
      });
  });
}

/** As Chromium's `--ignore-certificate-errors-spki-list` takes it. */
function hashOfKey({ publicKey }: X509Certificate): string {
  const key = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}
