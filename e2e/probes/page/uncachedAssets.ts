import { isFromCache } from './pageWeight.ts';
import type { RequestTiming } from './requestTiming.ts';

/** Something that the second visit asked the server for again. */
export type UncachedAsset = {
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
