import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** An X.509 certificate (RFC 5280) and its key, as PEM. */
type TestCertificate = { cert: string; key: string; name: string; privateKey: KeyObject };

const DAY_MS = 24 * 60 * 60_000;
const OID = {
  ecdsaWithSha256: '06082a8648ce3d040302',
  commonName: '0603550403',
  basicConstraints: '0603551d13',
  subjectAltName: '0603551d11',
};
const CRITICAL = Buffer.from('0101ff', 'hex');

/** A certificate authority that no machine trusts yet. */
export function makeAuthority(name: string): TestCertificate {
  const isAuthority = sequence(CRITICAL);
  return makeCertificate(name, extension(OID.basicConstraints, isAuthority, CRITICAL), null);
}

/** A certificate for a host, or for this machine (127.0.0.1), signed by `authority`. */
export function makeServerCertificate(
  authority: TestCertificate,
  host: string | null,
): TestCertificate {
  const name =
    host === null ? der(0x87, Buffer.from([127, 0, 0, 1])) : der(0x82, Buffer.from(host));
  const names = extension(OID.subjectAltName, sequence(name));
  return makeCertificate(host ?? '127.0.0.1', names, authority);
}

function makeCertificate(
  name: string,
  extensionBytes: Buffer,
  authority: TestCertificate | null,
): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = sequence(hex(OID.ecdsaWithSha256));
  const body = sequence(
    der(0xa0, hex('020102')),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    algorithm,
    distinguishedName(authority?.name ?? name),
    sequence(utcTime(Date.now() - DAY_MS), utcTime(Date.now() + 30 * DAY_MS)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extensionBytes)),
  );
  const signature = sign('sha256', body, authority?.privateKey ?? privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n').trim();
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    name,
    privateKey,
  };
}

function extension(oid: string, value: Buffer, critical = Buffer.alloc(0)): Buffer {
  return sequence(hex(oid), critical, der(0x04, value));
}

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(hex(OID.commonName), der(0x0c, Buffer.from(name)))));
}

function utcTime(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** Tag, length and content (ITU-T X.690). */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(length)]), content]);
}

/** In as few bytes as it takes: Chromium accepts no more. */
function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
