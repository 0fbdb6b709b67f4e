import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { shownUrl } from '../core/secrets/secretScrubber.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import { closedPort, fakeServer, readText, sendJson } from '../probes/testing/fakeServer.ts';
import { tlsServer, withAuthorities } from '../probes/testing/tlsServer.ts';
import { catchMessage } from '../testing/catchMessage.ts';
import { checkApi, describeClockDifference } from './checkApi.ts';
import { checkUi } from './checkUi.ts';
import { refuseUnreachable } from './describeExchange.ts';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.e30.token-that-no-error-shows';
const TOKENS = new Map([
  ['acme-corp-001', TOKEN],
  ['techstart-inc-002', TOKEN],
]);

type Respond = (response: ServerResponse) => void;

const json =
  (status: number, body: unknown): Respond =>
  (response) =>
    sendJson(response, status, body);
const text = (status: number, body: string, headers: Record<string, string> = {}): Respond => {
  return (response) => void response.writeHead(status, headers).end(body);
};

const HEALTHY = json(200, { status: 'ok', service: 'salestalk' });
const REFUSAL = json(400, {
  error: 'ValidationError',
  message: 'question is blank',
  requestId: 'a',
});

/** The message of checking a server that gives these answers to the health check and the blank question; null if it is accepted. */
async function messageOf({ health = HEALTHY, classify = REFUSAL }): Promise<string | null> {
  const listener: RequestListener = async (request, response) => {
    const body = await readText(request);
    if (request.url === '/prod/health') return health(response);
    assert.deepEqual([request.url, body], ['/prod/classify', '{"question":" "}']);
    classify(response);
  };
  await using server = await fakeServer(listener);
  return await messageFrom(`${server.url}/prod`);
}

async function messageFrom(url: string): Promise<string | null> {
  const message = await catchMessage(() => checkApi(url, TOKENS));
  assert.doesNotMatch(message ?? '', /token-that/);
  return message?.replaceAll(url, 'URL') ?? null;
}

test('a healthy SalesTalk that accepts the tokens is accepted', async () => {
  assert.equal(await messageOf({}), null);
  for (const body of [{}, { status: 'healthy' }, { status: 'UP' }, null, []])
    assert.equal(await messageOf({ health: json(200, body) }), null, JSON.stringify(body));
  assert.equal(await messageOf({ health: text(200, 'OK') }), null);
});

test('an address where nothing listens is refused', async () => {
  assert.equal(
    await messageFrom(`http://127.0.0.1:${await closedPort()}/`),
    [
      'TARGET_UNREACHABLE: SalesTalk cannot be reached.',
      '  file     URL',
      '  found    ECONNREFUSED: nothing listens there',
      '  expected an answer to GET /health',
      '  remedy   Check SALESTALK_API_URL, and that SalesTalk runs there.',
    ].join('\n'),
  );
});

test('a server without TLS at an https URL is refused', async () => {
  await using server = await fakeServer((_, response) => void response.end());
  const message = await messageFrom(server.url.replace('http:', 'https:'));
  assert.match(message ?? '', /^TARGET_UNREACHABLE/);
  assert.match(message ?? '', /^ {2}found {4}\w+: no TLS connection could be set up$/m);
});

test('a connection that ends without an answer is refused at either request', async () => {
  const hangUp: Respond = (response) => void response.destroy();
  assert.match((await messageOf({ health: hangUp })) ?? '', /^TARGET_UNREACHABLE/);
  const message = await messageOf({ classify: hangUp });
  assert.match(message ?? '', /^TARGET_UNREACHABLE/);
  assert.match(message ?? '', /expected an answer to POST \/classify with a blank question$/m);
});

function unhealthy(found: string): string {
  return [
    'TARGET_UNHEALTHY: SalesTalk is not healthy.',
    '  file     URL',
    `  found    ${found}`,
    '  expected GET /health to answer 200, with a status of "ok" where there is one',
    '  remedy   Repair the deployment first; there is no point in measuring it now.',
  ].join('\n');
}

test('a health answer that is not ok is refused', async () => {
  assert.equal(
    await messageOf({ health: text(503, 'starting') }),
    unhealthy('GET /health: 503 "starting"'),
  );
  assert.equal(
    await messageOf({ health: json(200, { status: 'degraded' }) }),
    unhealthy('GET /health: 200 "{\\"status\\":\\"degraded\\"}"'),
  );
  for (const status of [null, false, 0, '', 'ok, but slow', {}])
    assert.match((await messageOf({ health: json(200, { status }) })) ?? '', /^TARGET_UNHEALTHY/);
  const limited = 'POST /classify with a blank question: 429 "slow down"';
  assert.equal(await messageOf({ classify: text(429, 'slow down') }), unhealthy(limited));
});

function foreign(found: string, expected: string): string {
  return [
    'TARGET_FOREIGN: What answers there is not SalesTalk.',
    '  file     URL',
    `  found    ${found}`,
    `  expected ${expected}`,
    '  remedy   Check SALESTALK_API_URL, and the path in it; redirects are not followed.',
  ].join('\n');
}

test('a redirect and a missing page are refused', async () => {
  const redirect = text(302, '', { location: 'https://login.example/?next=/health' });
  assert.equal(
    await messageOf({ health: redirect }),
    foreign('GET /health: 302, a redirect to "https://login.example/?next=/health"', '200'),
  );
  assert.equal(
    await messageOf({ health: text(404, 'Not Found') }),
    foreign('GET /health: 404 "Not Found"', '200'),
  );
});

test('another kind of server is refused', async () => {
  const expected = '400 { "error": "ValidationError", "message", "requestId" }';
  for (const [classify, found] of [
    [text(200, '<!doctype html>'), '200 "<!doctype html>"'],
    [json(200, { classification: {} }), '200 "{\\"classification\\":{}}"'],
    [json(400, { detail: 'no' }), '400 "{\\"detail\\":\\"no\\"}"'],
    [
      json(400, { error: 'Other', message: 'm', requestId: 'r' }),
      '400 "{\\"error\\":\\"Other\\",\\"message\\":\\"m\\",\\"requestId\\":\\"r\\"}"',
    ],
    [text(301, '', { location: '/classify/' }), '301, a redirect to "/classify/"'],
    [text(404, ''), '404 ""'],
  ] as const)
    assert.equal(
      await messageOf({ classify }),
      foreign(`POST /classify with a blank question: ${found}`, expected),
    );
});

test('a hostile answer is shown short and without control characters', async () => {
  const garbage = `\u001b[2J\u0007\r\n::error::x\u009b31m\u202e${'x'.repeat(100_000)}`;
  for (const answers of [
    { health: text(418, garbage) },
    { classify: text(200, garbage) },
    { health: text(302, '', { location: `/\u009b31m${'x'.repeat(10_000)}` }) },
  ]) {
    const message = (await messageOf(answers)) ?? '';
    assert.match(message, /^TARGET_FOREIGN/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    assert.doesNotMatch(message, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.doesNotMatch(message, /^\s*::/m);
    assert.ok(message.length < 800, `${message.length}`);
  }
});

const REJECTED = 'TOKEN_INVALID: SalesTalk does not accept the token for acme-corp-001.';
const CHECK_TOKENS = 'Compare SALESTALK_TOKENS or SALESTALK_JWT_SECRET with the deployment.';

test('a rejected token is reported with its tenant and the answer, and never shown', async () => {
  for (const status of [401, 403])
    assert.equal(
      await messageOf({
        classify: json(status, {
          error: 'Unauthorized',
          message: `${TOKEN} was used before issued`,
        }),
      }),
      [
        REJECTED,
        '  file     URL',
        `  found    POST /classify: ${status} "{\\"error\\":\\"Unauthorized\\",\\"message\\":\\"[secret removed] was used before issued\\"}"`,
        '  expected 400 ValidationError for a blank question',
        `  remedy   ${CHECK_TOKENS}`,
      ].join('\n'),
    );
});

test('a rejected token is reported with the difference of the clocks', async () => {
  const challenge = 'Bearer error="invalid_token", error_description="used before issued"';
  const date = new Date(Date.now() - 200_000).toUTCString();
  const headers = { date, 'www-authenticate': challenge };
  const message =
    (await messageOf({ classify: text(401, `\u001b[2J${'x'.repeat(300)}`, headers) })) ?? '';
  const [summary, , answered, challenged, clock, expected, remedy] = message.split('\n');
  assert.equal(summary, REJECTED);
  assert.equal(answered, `  found    POST /classify: 401 "\\u001b[2J${'x'.repeat(196)}"`);
  assert.equal(challenged?.trim(), `WWW-Authenticate: ${JSON.stringify(challenge)}`);
  assert.match(
    clock ?? '',
    /^ +by its Date, the clock of the target is 3 min (19|20|21) s behind ours$/,
  );
  assert.match(expected ?? '', /400 ValidationError/);
  assert.equal(remedy, `  remedy   Correct the clocks first. ${CHECK_TOKENS}`);
});

test('known content encodings are accepted, unknown ones are refused', async () => {
  const packed =
    (status: number, body: unknown): Respond =>
    (response) =>
      void response
        .writeHead(status, { 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify(body)));
  const refusal = { error: 'ValidationError', message: 'question is blank', requestId: 'a' };
  assert.equal(
    await messageOf({ health: packed(200, { status: 'ok' }), classify: packed(400, refusal) }),
    null,
  );
  const unknown = text(200, 'bytes', { 'content-encoding': 'compress' });
  assert.equal(
    await messageOf({ health: unknown }),
    [
      "TARGET_UNREACHABLE: SalesTalk's answer cannot be read.",
      '  file     URL',
      '  found    unknown content encoding "compress": the body of the answer cannot be decoded',
      '  expected a body that is not encoded, or encoded by gzip, deflate, br or zstd',
      '  remedy   Have SalesTalk, or the gateway in front of it, respect "Accept-Encoding: identity", which the harness sends.',
    ].join('\n'),
  );
});

test('a target that does not speak the HTTP version of its budget is refused', async () => {
  const never = () => assert.fail('a request came');
  for (const [speaks, http, message] of [
    ['1.1', '2', /HTTP2_NOT_SPOKEN: .*\n.*\n {2}remedy {3}Remove "http": "2" from the budget/],
    ['2', '1.1', /NO_APPLICATION_PROTOCOL: .*\n.*\n {2}remedy {3}Set "http": "2" in the budget/],
  ] as const) {
    await using server = await tlsServer(never, speaks);
    await withAuthorities(server.authorityFile, () =>
      assert.rejects(checkApi(server.url, TOKENS, http), message),
    );
  }
});

const SENT_AT_MS = Date.UTC(2027, 0, 15, 8, 0, 0, 400);

/** The clock difference by an answer that took 1.5 s and has this `Date`. */
function difference(date: string | undefined): string | null {
  const headers: Record<string, string> = date === undefined ? {} : { date };
  return describeClockDifference({ headers, sentAtMs: SENT_AT_MS, endedMs: 1500 });
}

const at = (offsetMs: number) => new Date(SENT_AT_MS + offsetMs).toUTCString();

test('a Date within the request or its resolution shows no clock difference', () => {
  for (const offsetMs of [-1000, -400, 0, 1500, 3000]) assert.equal(difference(at(offsetMs)), null);
  for (const date of [undefined, '', 'yesterday']) assert.equal(difference(date), null);
});

test('a clock that is ahead or behind is described with the difference', () => {
  assert.equal(difference(at(-60_400)), '1 min behind ours');
  assert.equal(difference(at(-200_400)), '3 min 20 s behind ours');
  assert.equal(difference(at(-3_720_400)), '1 h 2 min behind ours');
  assert.equal(difference(at(6600)), '5 s ahead of ours');
  assert.equal(difference(at(86_400_000 + 1600)), '24 h ahead of ours');
});

type Answer = { status?: number; headers?: Record<string, string>; body?: string };

async function pageMessageOf({
  status = 200,
  headers = {},
  body = '',
}: Answer): Promise<string | null> {
  const paths: unknown[] = [];
  await using server = await fakeServer(({ url }, response) => {
    paths.push(url);
    response.writeHead(status, headers).end(body);
  });
  const message = await pageMessageFrom(`${server.url}/app?theme=dark`);
  assert.deepEqual(paths, ['/app?theme=dark']);
  return message;
}

async function pageMessageFrom(url: string): Promise<string | null> {
  const message = await catchMessage(() => checkUi(url));
  return message?.replaceAll(shownUrl(url), 'URL') ?? null;
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

test('a page of HTML is accepted', async () => {
  for (const type of ['text/html', 'text/html; charset=utf-8', 'Text/HTML'])
    assert.equal(await pageMessageOf({ headers: { 'content-type': type } }), null);
});

test('an answer that is not a page is refused', async () => {
  const summary = 'What answers there is not a page.';
  assert.equal(
    await pageMessageOf({ headers: { 'content-type': 'application/json' }, body: '{}' }),
    refusal('TARGET_FOREIGN', summary, '"application/json", 200 "{}"'),
  );
  assert.equal(
    await pageMessageOf({ body: 'hello\u001b[2J' }),
    refusal('TARGET_FOREIGN', summary, '"no content type", 200 "hello\\u001b[2J"'),
  );
  assert.equal(
    await pageMessageOf({ status: 302, headers: { location: '/sign-in' } }),
    refusal('TARGET_FOREIGN', summary, '"no content type", 302, a redirect to "/sign-in"'),
  );
  const html = { 'content-type': 'text/html' };
  assert.equal(
    await pageMessageOf({ status: 404, headers: html, body: 'none' }),
    refusal('TARGET_FOREIGN', summary, '"text/html", 404 "none"'),
  );
  assert.equal(
    await pageMessageOf({ status: 503, headers: html, body: 'later' }),
    refusal('TARGET_UNHEALTHY', "SalesTalk's page is not healthy.", '"text/html", 503 "later"'),
  );
});

test('a page address where nothing listens is refused', async () => {
  const message = await pageMessageFrom(`http://127.0.0.1:${await closedPort()}/app`);
  assert.match(message ?? '', /expected an answer to GET \/app\n.*Check SALESTALK_UI_URL, /);
});

const ASKED = {
  url: 'https://shop.example/',
  variable: 'SALESTALK_API_URL',
  request: 'GET /health',
} as const;

const ended = (failure: string | null) => ({ failure }) as TimedExchange;

test('common failures are explained with a remedy', () => {
  const usual = 'Check SALESTALK_API_URL, and that SalesTalk runs there.';
  const certificate =
    'Have the certificate replaced, or name its authority in NODE_EXTRA_CA_CERTS.';
  const tls = 'Check that the server uses TLS; else the URL has to begin with http://.';
  const notAccepted = 'the TLS certificate is not accepted';
  const closed = 'the connection was closed before the answer was complete';
  for (const [failure, words, remedy] of [
    ['ECONNREFUSED', 'nothing listens there', usual],
    ['ENOTFOUND', 'there is no such host name', usual],
    ['timeout', 'no answer in time', usual],
    ['UND_ERR_CONNECT_TIMEOUT', 'no answer in time', usual],
    ['ECONNRESET', closed, usual],
    ['UND_ERR_SOCKET', closed, usual],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', notAccepted, certificate],
    ['SELF_SIGNED_CERT_IN_CHAIN', notAccepted, certificate],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', notAccepted, certificate],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', notAccepted, certificate],
    ['CERT_HAS_EXPIRED', notAccepted, certificate],
    ['ERR_TLS_CERT_ALTNAME_INVALID', notAccepted, certificate],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'no TLS connection could be set up', tls],
    ['EPROTO', 'no TLS connection could be set up', tls],
    [
      'HTTPParserError',
      'the answer is not HTTP',
      'Check the port, and whether the URL has to begin with https://.',
    ],
  ] as const) {
    assert.throws(() => refuseUnreachable(ended(failure), ASKED), {
      code: 'TARGET_UNREACHABLE',
      message: [
        'TARGET_UNREACHABLE: SalesTalk cannot be reached.',
        '  file     https://shop.example/',
        `  found    ${failure}: ${words}`,
        '  expected an answer to GET /health',
        `  remedy   ${remedy}`,
      ].join('\n'),
    });
  }
});

test('any other failure is shown as it is', () => {
  assert.throws(() => refuseUnreachable(ended('EHOSTUNREACH'), ASKED), {
    message: /^ {2}found {4}EHOSTUNREACH$/m,
  });
});
