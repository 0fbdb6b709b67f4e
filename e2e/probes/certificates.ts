import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import tls from 'node:tls';
import { readVariable } from '../core/environmentVariables.ts';
import { HarnessError } from '../core/harnessError.ts';

type CertificateCheck =
  | {
      state: 'accepted';
      /** Base64 SHA-256 of its public key if only an authority of NODE_EXTRA_CA_CERTS vouches for it, else null. */
      trustedKeyHash: string | null;
    }
  | { state: 'rejected'; code: string; issuer: string }
  /** No TLS connection, for a reason other than the certificate. */
  | { state: 'unreachable' };

const TIMEOUT_MS = 10_000;
/** Codes of Node and Deno for a certificate that is not accepted (OpenSSL's X509_V_ERR_…). */
const CERTIFICATE_ERROR = /CERT|SIGNATURE|ISSUER/;

/** Checks chain, time and host name of the certificate of an https URL, as the HTTP client does. */
export async function verifyCertificate(url: string): Promise<CertificateCheck> {
  const extra = trustedAuthorities();
  const usual = await handshake(url, extra === null ? {} : { ca: [...tls.rootCertificates] });
  if (usual.error === null) return { state: 'accepted', trustedKeyHash: null };
  if (!CERTIFICATE_ERROR.test(usual.error)) return { state: 'unreachable' };
  const checked = extra === null ? usual : await handshake(url, { secureContext: extra });
  if (checked.error === null) {
    return { state: 'accepted', trustedKeyHash: hashPublicKey(checked.certificate) };
  }
  // Connects only to read who issued the rejected certificate; sends nothing.
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

/** In the form of Chromium's `--ignore-certificate-errors-spki-list`. */
function hashPublicKey({ publicKey }: X509Certificate): string {
  const key = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

const VARIABLE = 'NODE_EXTRA_CA_CERTS';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The usual authorities and those of the file in NODE_EXTRA_CA_CERTS; null without that variable. Node reads it only at its start,
 * and Deno never does. Cached, since parsing all authorities is slow.
 * @throws HarnessError ENVIRONMENT_INVALID
 */
export function trustedAuthorities(): tls.SecureContext | null {
  const file = extraAuthoritiesFile();
  if (file === null) return null;
  const known = contexts.get(file);
  if (known !== undefined) return known;
  const context = tls.createSecureContext({
    // Includes the authorities of the system if the runtime is set to use them.
    ca: [...tls.getCACertificates('default'), ...readAuthorities(file)],
  });
  contexts.set(file, context);
  return context;
}

const contexts = new Map<string, tls.SecureContext>();

/** The file that NODE_EXTRA_CA_CERTS names, or null. */
export function extraAuthoritiesFile(): string | null {
  return readVariable(process.env, VARIABLE) ?? null;
}

function readAuthorities(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalidFileError(file, `${(error as NodeJS.ErrnoException).code ?? 'no readable file'}`);
  }
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw invalidFileError(file, 'no certificate in it');
  certificates.forEach((certificate, at) => {
    try {
      new X509Certificate(certificate);
    } catch {
      throw invalidFileError(
        file,
        `certificate ${at + 1} of ${certificates.length} cannot be read`,
      );
    }
  });
  return certificates;
}

function invalidFileError(file: string, found: string): HarnessError {
  return new HarnessError({
    code: 'ENVIRONMENT_INVALID',
    summary: `${VARIABLE} names no file of certificates.`,
    file: VARIABLE,
    path: file,
    found,
    expected: 'a PEM file with the certificates of your authorities (-----BEGIN CERTIFICATE-----)',
    remedy: `Correct ${VARIABLE}, or unset it.`,
  });
}
