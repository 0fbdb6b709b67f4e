import type { Shard } from '../core/record/recordLine.ts';

/** The part of a schedule that one of several machines offers. */
export type Segment = Pick<Shard, 'index' | 'of'>;

/** The segment of a machine that offers all. */
export const WHOLE: Segment = { index: 1, of: 1 };

/** Every `of`-th item of a schedule, so that each segment has the shape of the whole; all segments together are the schedule. */
export function takeSegment<T>(items: Iterable<T>, segment: Segment): IteratorObject<T> {
  return Iterator.from(items).filter((_, place) => isInSegment(place, segment));
}

export function isInSegment(place: number, { index, of }: Segment): boolean {
  return place % of === index - 1;
}

/** How many of the first `count` items of a schedule a segment has: of users, requests or whatever else is split. */
export function countInSegment(count: number, { index, of }: Segment): number {
  return Math.max(0, Math.ceil((count - index + 1) / of));
}
