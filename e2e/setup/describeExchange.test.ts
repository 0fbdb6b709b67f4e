import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimedExchange } from '../probes/httpClient.ts';

import { refuseUnreachable } from './describeExchange.ts';

const ASKED = {
  url: 'https://shop.example/',
  variable: 'SALESTALK_API_URL',
  request: 'GET /health',
} as const;

const ended = (failure: string | null) => ({ failure }) as TimedExchange;

test('an exchange that came to an end passes', () => {
  refuseUnreachable(ended(null), ASKED);
});

test('common failures are told in words, with what to do', () => {
  const usual = 'Check SALESTALK_API_URL, and that SalesTalk runs there.';
  const certificate = 'Have the certificate mended, or name its authority in NODE_EXTRA_CA_CERTS.';
  const tls = 'Check that TLS is spoken there: the URL may have to begin with http://.';
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
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS could not be agreed on', tls],
    ['EPROTO', 'TLS could not be agreed on', tls],
    [
      'HTTPParserError',
      'what was answered is not HTTP',
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

test('any other failure is told as it is', () => {
  assert.throws(() => refuseUnreachable(ended('EHOSTUNREACH'), ASKED), {
    message: /^ {2}found {4}EHOSTUNREACH$/m,
  });
});
