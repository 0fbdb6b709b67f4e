import type { RequestTiming } from './requestTiming.ts';

/** What a visit took of the network. */
type Weight = {
  /** Requests that reached a server, redirects each on their own; what a cache gave is none. */
  requestCount: number;
  /** Heads and bodies of the answers as they came over the wire. */
  encodedBytes: number;
  /** Of the requests, those whose bytes are not known, so that they are missing above. */
  unweighedCount: number;
};

/** The weight of a visit in all and by Chromium's type of resource. */
type PageWeight = Weight & {
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
function isFromCache(fromCache: RequestTiming['fromCache']): boolean {
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

/** Something that the second visit asked the server for again. */
type UncachedAsset = {
  url: string;
  resourceType: string;
  /** Whether it came once more, or the server was only asked whether it is still the same: that costs a round trip. */
  how: 'downloaded' | 'revalidated';
  encodedBytes: number | null;
};

/** What a browser may keep from one visit to the next. Documents and what scripts fetch are data, for which being fresh may matter more. */
const ASSET_TYPES = ['Stylesheet', 'Script', 'Image', 'Font', 'Media', 'Manifest', 'TextTrack'];

/**
 * The assets of a second visit that went to the network again though the first had fetched them. Two addresses that differ in
 * their query alone are one asset: a query that changes with every visit is a way not to be cached.
 */
export function uncachedAssets(
  firstVisit: RequestTiming[],
  secondVisit: RequestTiming[],
): UncachedAsset[] {
  const isAsset = ({ method, resourceType, status }: RequestTiming) =>
    method === 'GET' && ASSET_TYPES.includes(resourceType) && (status === 200 || status === 304);
  const fetched = new Set(firstVisit.filter(isAsset).map(({ url }) => addressOf(url)));
  return secondVisit
    .filter(isAsset)
    .filter(({ url, fromCache }) => !isFromCache(fromCache) && fetched.has(addressOf(url)))
    .map(({ url, resourceType, revalidated, encodedBytes }) => ({
      url,
      resourceType,
      how: revalidated ? 'revalidated' : 'downloaded',
      encodedBytes,
    }));
}

function addressOf(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}
