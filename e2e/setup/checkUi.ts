import { chromium } from '@playwright/test';
import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { HarnessError } from '../core/harnessError.ts';
import { shownUrl } from '../core/secrets/secretScrubber.ts';
import { extraAuthoritiesFile, verifyCertificate } from '../probes/certificates.ts';
import { TimedClient, type TimedExchange } from '../probes/httpClient.ts';
import { browserLaunch } from './browser.ts';
import { describeAnswer, refuseUnreachable } from './describeExchange.ts';

const GIVE_UP_AFTER_MS = 30_000;

/** Checks that a page answers at the URL. @throws HarnessError TARGET_UNREACHABLE, TARGET_UNHEALTHY or TARGET_FOREIGN */
export async function checkUi(url: string): Promise<void> {
  const { pathname } = new URL(url);
  const page = await requestPage(url);
  refuseUnreachable(page, { url, variable: 'SALESTALK_UI_URL', request: `GET ${pathname}` });
  const type = page.headers['content-type'] ?? 'no content type';
  if (page.status === 200 && /^text\/html\b/i.test(type)) return;
  const isDown = page.status !== null && page.status >= 500;
  throw new HarnessError({
    code: isDown ? 'TARGET_UNHEALTHY' : 'TARGET_FOREIGN',
    summary: isDown ? "SalesTalk's page is not healthy." : 'What answers there is not a page.',
    file: shownUrl(url),
    found: `${JSON.stringify(type.slice(0, 80))}, ${describeAnswer(page)}`,
    expected: 'text/html, 200',
    remedy: 'Check SALESTALK_UI_URL, and the page behind it; redirects are not followed.',
  });
}

/** Falls back to HTTP/2 if the server speaks nothing else. */
async function requestPage(url: string): Promise<TimedExchange> {
  const page = await requestOver('1.1', url);
  const needsHttp2 = page.failure?.includes('NO_APPLICATION_PROTOCOL') === true;
  return needsHttp2 ? await requestOver('2', url) : page;
}

async function requestOver(http: HttpVersion, url: string): Promise<TimedExchange> {
  const { origin, pathname, search } = new URL(url);
  const client = new TimedClient(origin, { connections: 1, http });
  try {
    return await client.request({
      method: 'GET',
      path: `${pathname}${search}`,
      headers: { accept: 'text/html' },
      timeoutMs: GIVE_UP_AFTER_MS,
    });
  } finally {
    await client.close();
  }
}

/** Checks that a browser opens the page, since it has its own rules for certificates. @throws HarnessError TARGET_UNREACHABLE */
export async function checkUiInBrowser(url: string): Promise<void> {
  const browser = await chromium.launch(browserLaunch());
  try {
    const page = await browser.newPage();
    await page.goto(url, { waitUntil: 'commit', timeout: GIVE_UP_AFTER_MS });
  } catch (error) {
    const [said = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const [code] = /net::ERR_\w+/.exec(said) ?? [];
    throw new HarnessError({
      code: 'TARGET_UNREACHABLE',
      summary: "The browser cannot open SalesTalk's page.",
      file: shownUrl(url),
      found: code ?? said,
      expected: 'a page that Chromium opens',
      remedy: code?.includes('CERT')
        ? 'Name a PEM file with the certificate of the authority in NODE_EXTRA_CA_CERTS. Where several servers answer for the host, each needs a certificate with the same key.'
        : 'Check SALESTALK_UI_URL, and that a browser on this machine opens it.',
    });
  } finally {
    await browser.close();
  }
}

/**
 * Checks the certificates of the target's API and page before anything is requested there.
 * @param hosts further hosts of the page; problems with them appear when the page is measured
 * @returns hashes of the public keys that browsers have to trust, since only NODE_EXTRA_CA_CERTS names their authority
 * @throws HarnessError TARGET_UNREACHABLE with the host and the issuer of its certificate
 */
export async function checkCertificates(
  urls: readonly (string | null)[],
  hosts: readonly string[],
): Promise<string[]> {
  const hashes: (string | null)[] = [];
  for (const url of new Set(urls)) {
    if (url?.startsWith('https:')) hashes.push(await checkCertificate(url));
  }
  if (hashes.every((hash) => hash === null)) return [];
  const others = await Promise.all(hosts.map((host) => verifyCertificate(`https://${host}/`)));
  hashes.push(...others.map((other) => (other.state === 'accepted' ? other.trustedKeyHash : null)));
  return [...new Set(hashes.filter((hash) => hash !== null))];
}

async function checkCertificate(url: string): Promise<string | null> {
  const check = await verifyCertificate(url);
  // The checks of the API and the page report a target that cannot be reached.
  if (check.state === 'unreachable') return null;
  if (check.state === 'accepted') return check.trustedKeyHash;
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
        : `Put the certificate of that authority in ${file} (NODE_EXTRA_CA_CERTS), or have the certificate of the host replaced.`,
  });
}
