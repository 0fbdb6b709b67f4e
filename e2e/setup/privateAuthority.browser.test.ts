import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { chromium } from '@playwright/test';
import { TRUSTED_KEYS_VARIABLE } from '../probes/chromium.ts';
import { LighthouseProcess } from '../probes/lighthouse/runLighthouse.ts';
import { closedPort } from '../probes/testing/fakeServer.ts';
import { type TlsServer, tlsServer, withAuthorities } from '../probes/testing/tlsServer.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { browserLaunch } from './browser.ts';
import { checkCertificates, checkUi, checkUiInBrowser } from './checkUi.ts';

const HTML = '<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1></html>';

function page(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(HTML);
}

/** What the set-up does before it starts a browser, and takes back afterwards. */
async function withTrustedKeys<T>(server: TlsServer, use: () => Promise<T>): Promise<T> {
  return await withAuthorities(server.authorityFile, async () => {
    const keys = await checkCertificates([null, `${server.url}/`], []);
    assert.equal(keys.length, 1);
    process.env[TRUSTED_KEYS_VARIABLE] = keys.join(',');
    try {
      return await use();
    } finally {
      delete process.env[TRUSTED_KEYS_VARIABLE];
    }
  });
}

test('client and browser open a page whose private authority is named, and no other', async () => {
  await using server = await tlsServer(page);
  await using other = await tlsServer(page);
  await withTrustedKeys(server, async () => {
    await checkUi(`${server.url}/`);
    await checkUiInBrowser(`${server.url}/`);
    const browser = await chromium.launch(browserLaunch());
    try {
      const tab = await browser.newPage();
      assert.equal((await tab.goto(server.url))?.status(), 200);
      // Any other certificate is checked as before, although the same name stands over it.
      await assert.rejects(tab.goto(other.url), /ERR_CERT_AUTHORITY_INVALID/);
    } finally {
      await browser.close();
    }
  });
});

test('a page is checked by HTTP/2 where its server speaks nothing else', async () => {
  await using server = await tlsServer(page, '2');
  await withAuthorities(server.authorityFile, () => checkUi(`${server.url}/`));
});

test('Lighthouse audits a page whose private authority is named', async () => {
  using folder = temporaryFolder();
  await using server = await tlsServer(page);
  await using lighthouse = new LighthouseProcess();
  const { notLoaded } = await withTrustedKeys(server, () =>
    lighthouse.auditNavigation({
      url: `${server.url}/`,
      formFactor: 'desktop',
      categories: ['performance'],
      timeoutMs: 60_000,
      reportPath: `${folder.path}/lighthouse.html`,
      secrets: [],
    }),
  );
  assert.deepEqual(notLoaded, []);
});

test('without the authority it is told before measuring: which host, whose certificate, what to set', async () => {
  await using server = await tlsServer(page);
  const url = `${server.url}/`;
  await withAuthorities(null, () =>
    assert.rejects(checkCertificates([url, url], []), {
      message: [
        `TARGET_UNREACHABLE: The TLS certificate of 127.0.0.1:${server.port} is not accepted.`,
        `  file     ${url}`,
        '  found    UNABLE_TO_VERIFY_LEAF_SIGNATURE; issued by "CN=Test private CA"',
        '  expected a certificate of an authority that this machine knows',
        '  remedy   Name a PEM file with the certificate of that authority in NODE_EXTRA_CA_CERTS; API, browser and Lighthouse all use it.',
      ].join('\n'),
    }),
  );
  await assert.rejects(checkUiInBrowser(url), /found {4}net::ERR_CERT_AUTHORITY_INVALID\n/);
});

test('a certificate for another host is not accepted, whoever issued it', async () => {
  await using server = await tlsServer(page, 'both', 'elsewhere.example');
  await withAuthorities(server.authorityFile, () =>
    assert.rejects(checkCertificates([`${server.url}/`], []), {
      message: /found {4}ERR_TLS_CERT_ALTNAME_INVALID; issued by "CN=Test private CA"\n/,
    }),
  );
});

test('who cannot be reached, or speaks no TLS, is left to the checks of what is answered', async () => {
  await using server = await tlsServer(page);
  const closed = `127.0.0.1:${await closedPort()}`;
  assert.deepEqual(await checkCertificates([`https://${closed}/`, 'http://shop.example/'], []), []);
  await withAuthorities(server.authorityFile, async () => {
    const host = `127.0.0.1:${server.port}`;
    const keys = await checkCertificates([`${server.url}/`, null], [host, closed]);
    assert.equal(keys.length, 1, 'one key, whatever it is reached by');
  });
});
