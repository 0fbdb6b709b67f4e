import { HarnessError } from '../core/harnessError.ts';
import { shownUrl } from '../core/secrets/secretScrubber.ts';
import type { TimedExchange } from '../probes/httpClient.ts';

type CheckRequest = {
  url: string;
  /** The variable that the URL comes from. */
  variable: 'SALESTALK_API_URL' | 'SALESTALK_UI_URL';
  /** Such as `GET /health`. */
  request: string;
};

/** @throws HarnessError TARGET_UNREACHABLE if no complete answer came; it explains common failures */
export function refuseUnreachable(
  { failure }: TimedExchange,
  { url, variable, request }: CheckRequest,
): void {
  if (failure === null) return;
  const known = REASONS.find(({ pattern }) => pattern.test(failure));
  throw new HarnessError({
    code: 'TARGET_UNREACHABLE',
    summary: known?.summary ?? 'SalesTalk cannot be reached.',
    file: shownUrl(url),
    found: known === undefined ? failure : `${failure}: ${known.words}`,
    expected: known?.expected ?? `an answer to ${request}`,
    remedy: known?.remedy ?? `Check ${variable}, and that SalesTalk runs there.`,
  });
}

/** Error codes of sockets, of TLS (OpenSSL's X509_V_ERR_… by the names of Node) and of the HTTP client. */
const REASONS: {
  pattern: RegExp;
  words: string;
  summary?: string;
  expected?: string;
  remedy?: string;
}[] = [
  {
    pattern: /^HTTP2_NOT_SPOKEN$/,
    words: 'the target does not speak HTTP/2, which its budget asks for',
    expected: 'HTTP/2 over TLS (ALPN "h2")',
    remedy: 'Remove "http": "2" from the budget of the target, or have HTTP/2 enabled there.',
  },
  {
    pattern: /NO_APPLICATION_PROTOCOL/,
    words: 'the target does not speak the HTTP version that its budget asks for',
    expected: 'HTTP/1.1, unless the budget says "http": "2"',
    remedy: 'Set "http": "2" in the budget of the target if it speaks only HTTP/2.',
  },
  {
    pattern: /content encod|content: /,
    words: 'the body of the answer cannot be decoded',
    summary: "SalesTalk's answer cannot be read.",
    expected: 'a body that is not encoded, or encoded by gzip, deflate, br or zstd',
    remedy:
      'Have SalesTalk, or the gateway in front of it, respect "Accept-Encoding: identity", which the harness sends.',
  },
  {
    pattern: /^body too large$/,
    words: 'the answer is larger than SalesTalk ever sends',
    expected: 'a body of at most 8 MiB',
  },
  { pattern: /^ECONNREFUSED$/, words: 'nothing listens there' },
  { pattern: /^(ENOTFOUND|EAI_AGAIN)$/, words: 'there is no such host name' },
  { pattern: /^(timeout|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, words: 'no answer in time' },
  {
    pattern: /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    words: 'the connection was closed before the answer was complete',
  },
  {
    pattern: /CERT|SIGNATURE|ISSUER/,
    words: 'the TLS certificate is not accepted',
    remedy: 'Have the certificate replaced, or name its authority in NODE_EXTRA_CA_CERTS.',
  },
  {
    pattern: /^(ERR_SSL|ERR_TLS|EPROTO)/,
    words: 'no TLS connection could be set up',
    remedy: 'Check that the server uses TLS; else the URL has to begin with http://.',
  },
  {
    pattern: /^H(TTPParserError|PE_)/,
    words: 'the answer is not HTTP',
    remedy: 'Check the port, and whether the URL has to begin with https://.',
  },
];

const SHOWN_CHARACTERS = 200;

/** A server error or rate limit says that the target, or a gateway in front of it, does not work properly. */
export function isUnhealthy({ status }: TimedExchange): boolean {
  return status !== null && (status >= 500 || status === 429);
}

/** The status, and the beginning of the body or the target of a redirect. */
export function describeAnswer({ status, headers, body }: TimedExchange): string {
  const { location } = headers;
  return location === undefined
    ? `${status} ${quote(body)}`
    : `${status}, a redirect to ${quote(location)}`;
}

/** The beginning of a text that the target sent, escaped. */
export function quote(text: string): string {
  return JSON.stringify(text.slice(0, SHOWN_CHARACTERS));
}
