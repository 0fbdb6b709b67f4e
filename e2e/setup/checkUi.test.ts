import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownUrl } from '../core/secrets/secretsInUrl.ts';
import { closedPort, fakeServer } from '../probes/testing/fakeServer.ts';
import { checkUi } from './checkUi.ts';

type Answer = { status?: number; headers?: Record<string, string>; body?: string };

async function messageOf({
  status = 200,
  headers = {},
  body = '',
}: Answer): Promise<string | null> {
  const paths: unknown[] = [];
  await using server = await fakeServer(({ url }, response) => {
    paths.push(url);
    response.writeHead(status, headers).end(body);
  });
  const message = await messageFrom(`${server.url}/app?theme=dark`);
  assert.deepEqual(paths, ['/app?theme=dark']);
  return message;
}

async function messageFrom(url: string): Promise<string | null> {
  try {
    await checkUi(url);
    return null;
  } catch (error) {
    const { name, message } = error as Error;
    assert.equal(name, 'HarnessError', message);
    return message.replaceAll(shownUrl(url), 'URL');
  }
}

function refusal(code: string, summary: string, found: string): string {
  return [
    `${code}: ${summary}`,
    '  file     URL',
    `  found    ${found}`,
    '  expected text/html, 200',
    '  remedy   Check SALESTALK_UI_URL, and the page behind it; redirects are not followed.',
  ].join('\n');
}

test('a page', async () => {
  for (const type of ['text/html', 'text/html; charset=utf-8', 'Text/HTML'])
    assert.equal(await messageOf({ headers: { 'content-type': type } }), null);
});

test('what answers is no page', async () => {
  const summary = 'What answers there is not a page.';
  assert.equal(
    await messageOf({ headers: { 'content-type': 'application/json' }, body: '{}' }),
    refusal('TARGET_FOREIGN', summary, '"application/json", 200 "{}"'),
  );
  assert.equal(
    await messageOf({ body: 'hello\u001b[2J' }),
    refusal('TARGET_FOREIGN', summary, '"no content type", 200 "hello\\u001b[2J"'),
  );
  assert.equal(
    await messageOf({ status: 302, headers: { location: '/sign-in' } }),
    refusal('TARGET_FOREIGN', summary, '"no content type", 302, a redirect to "/sign-in"'),
  );
  const html = { 'content-type': 'text/html' };
  assert.equal(
    await messageOf({ status: 404, headers: html, body: 'none' }),
    refusal('TARGET_FOREIGN', summary, '"text/html", 404 "none"'),
  );
  assert.equal(
    await messageOf({ status: 503, headers: html, body: 'later' }),
    refusal('TARGET_UNHEALTHY', "SalesTalk's page is not well.", '"text/html", 503 "later"'),
  );
});

test('nothing that listens', async () => {
  assert.equal(
    await messageFrom(`http://127.0.0.1:${await closedPort()}/app`),
    [
      'TARGET_UNREACHABLE: SalesTalk cannot be reached.',
      '  file     URL',
      '  found    ECONNREFUSED: nothing listens there',
      '  expected an answer to GET /app',
      '  remedy   Check SALESTALK_UI_URL, and that SalesTalk runs there.',
    ].join('\n'),
  );
});
