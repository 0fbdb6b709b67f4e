import type { TimedExchange } from '../probes/httpClient.ts';

const SHOWN_CHARACTERS = 200;

/** Status and the start of the body, or where a redirect leads. Quoted, since a foreign answer may hold anything. */
export function describeAnswer({ status, headers, body }: TimedExchange): string {
  const { location } = headers;
  return location === undefined
    ? `${status} ${quote(body)}`
    : `${status}, a redirect to ${quote(location)}`;
}

/** The start of a text that may hold anything, escaped. */
export function quote(text: string): string {
  return JSON.stringify(text.slice(0, SHOWN_CHARACTERS));
}
