import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { HarnessError } from '../../core/harnessError.ts';
import { readVariable } from '../../core/readVariable.ts';

const VARIABLE = 'NODE_EXTRA_CA_CERTS';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The usual authorities and those of the file that NODE_EXTRA_CA_CERTS names; null where it names none, and the runtime's own choice stands.
 * Node reads the variable itself, but only when it starts, and Deno never does. Made once, since each making parses all authorities.
 * @throws HarnessError ENVIRONMENT_INVALID
 */
export function trustedAuthorities(): tls.SecureContext | null {
  const file = extraAuthoritiesFile();
  if (file === null) return null;
  const known = contexts.get(file);
  if (known !== undefined) return known;
  const context = tls.createSecureContext({ ca: [...runtimeAuthorities(), ...readExtra(file)] });
  contexts.set(file, context);
  return context;
}

const contexts = new Map<string, tls.SecureContext>();

/** With those of the system where the runtime was told to use them. */
function runtimeAuthorities(): readonly string[] {
  return typeof tls.getCACertificates === 'function'
    ? tls.getCACertificates('default')
    : tls.rootCertificates;
}

/** The file that NODE_EXTRA_CA_CERTS names, or null. */
export function extraAuthoritiesFile(): string | null {
  return readVariable(process.env, VARIABLE) ?? null;
}

function readExtra(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(file, `${(error as NodeJS.ErrnoException).code ?? 'no readable file'}`);
  }
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw invalid(file, 'no certificate in it');
  certificates.forEach((certificate, at) => {
    try {
      new X509Certificate(certificate);
    } catch {
      throw invalid(file, `certificate ${at + 1} of ${certificates.length} cannot be read`);
    }
  });
  return certificates;
}

function invalid(file: string, found: string): HarnessError {
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
