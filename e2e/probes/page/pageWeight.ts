import type { RequestTiming } from './requestTiming.ts';

type Weight = {
  /** Requests that reached a server, each redirect included; not those answered by a cache. */
  requestCount: number;
  /** Heads and bodies of the answers on the wire. */
  encodedBytes: number;
  /** Requests of unknown size, which `encodedBytes` leaves out. */
  unweighedCount: number;
};

/** The weight of a visit in total and by Chromium's resource type. */
type PageWeight = Weight & {
  /** Requests that a cache answered without the server. */
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

/** An asset that the second visit requested again. */
type UncachedAsset = {
  url: string;
  resourceType: string;
  /** `revalidated` costs only a round trip. */
  how: 'downloaded' | 'revalidated';
  encodedBytes: number | null;
};

/** Types that a browser may keep between visits. Documents and fetched data may have to be fresh. */
const ASSET_TYPES = ['Stylesheet', 'Script', 'Image', 'Font', 'Media', 'Manifest', 'TextTrack'];

/**
 * The assets that a second visit requested again although the first had fetched them. URLs that differ only in their query are one
 * asset: a query that changes with every visit prevents caching.
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
