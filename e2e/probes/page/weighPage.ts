import { isFromCache, type RequestTiming } from './requestTiming.ts';

type PageWeight = {
  /** Requests that reached a server, each redirect included; not those answered by a cache. */
  requestCount: number;
  /** Heads and bodies of the answers on the wire. */
  encodedBytes: number;
  /** Requests of unknown size, which `encodedBytes` leaves out. */
  unweighedCount: number;
};

export function weighPage(requests: RequestTiming[]): PageWeight {
  const sent = requests.filter(({ fromCache }) => !isFromCache(fromCache));
  const known = sent.map(({ encodedBytes }) => encodedBytes).filter((bytes) => bytes !== null);
  return {
    requestCount: sent.length,
    encodedBytes: known.reduce((sum, bytes) => sum + bytes, 0),
    unweighedCount: sent.length - known.length,
  };
}

/** Types that a browser may keep between visits. Documents and fetched data may have to be fresh. */
const ASSET_TYPES = ['Stylesheet', 'Script', 'Image', 'Font', 'Media', 'Manifest', 'TextTrack'];

/**
 * The requests of a second visit for assets that the first had fetched, whether they were downloaded again or only revalidated. URLs that
 * differ only in their query are one asset: a query that changes with every visit prevents caching.
 */
export function findUncachedAssets(
  firstVisit: RequestTiming[],
  secondVisit: RequestTiming[],
): RequestTiming[] {
  const isAsset = ({ method, resourceType, status }: RequestTiming) =>
    method === 'GET' && ASSET_TYPES.includes(resourceType) && (status === 200 || status === 304);
  const fetched = new Set(firstVisit.filter(isAsset).map(({ url }) => withoutQuery(url)));
  return secondVisit
    .filter(isAsset)
    .filter(({ url, fromCache }) => !isFromCache(fromCache) && fetched.has(withoutQuery(url)));
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}
