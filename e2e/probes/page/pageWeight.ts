import type { RequestTiming } from './requestTiming.ts';

/** What a visit took of the network. */
export type Weight = {
  /** Requests that reached a server, redirects each on their own; what a cache gave is none. */
  requestCount: number;
  /** Heads and bodies of the answers as they came over the wire. */
  encodedBytes: number;
  /** Of the requests, those whose bytes are not known, so that they are missing above. */
  unweighedCount: number;
};

/** The weight of a visit in all and by Chromium's type of resource. */
export type PageWeight = Weight & {
  /** Requests that a cache answered without asking. */
  cachedCount: number;
  byType: Record<string, Weight>;
};

/** Adds up the requests of one visit to a page. */
export function pageWeight(requests: RequestTiming[]): PageWeight {
  const sent = requests.filter(({ fromCache }) => !isFromCache(fromCache));
  const types = [...new Set(sent.map(({ resourceType }) => resourceType))].sort();
  return {
    ...weightOf(sent),
    cachedCount: requests.length - sent.length,
    byType: Object.fromEntries(
      types.map((type) => [type, weightOf(sent.filter((sent) => sent.resourceType === type))]),
    ),
  };
}

/** Whether an answer came without the network. */
export function isFromCache(fromCache: RequestTiming['fromCache']): boolean {
  return fromCache === 'memory' || fromCache === 'disk' || fromCache === 'prefetch';
}

function weightOf(requests: RequestTiming[]): Weight {
  const known = requests.map(({ encodedBytes }) => encodedBytes).filter((bytes) => bytes !== null);
  return {
    requestCount: requests.length,
    encodedBytes: known.reduce((sum, bytes) => sum + bytes, 0),
    unweighedCount: requests.length - known.length,
  };
}
