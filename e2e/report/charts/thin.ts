/**
 * Keeps about `most` items, evenly spread by position, first and last among them, and every one that `keep` names: a plot must stay
 * small, but what is rare in it is what it is looked at for. Draws nothing at random, so the same items give the same plot.
 */
export function thin<T>(items: T[], most: number, keep: (item: T) => boolean = () => false): T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  const spread = new Set(Array.from({ length: most }, (_, at) => Math.round(at * step)));
  return items.filter((item, at) => spread.has(at) || keep(item));
}
