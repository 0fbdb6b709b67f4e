import type { Objective } from '../budget/objective.ts';
import { type EventSeries, isBad } from '../record/event.ts';

/** Events of an objective from measured values; for shares, from 1 (bad) and 0 (good). */
export function seriesOf(
  objective: Objective,
  values: number[],
  { failed = 0, missing = 0 } = {},
): EventSeries {
  const isShare = objective.unit === 'share';
  const events = values.map((value, at) => ({
    id: `5f3a9c1e-${at}`,
    atMs: 1_800_000_000_000 + at * 100,
    bad: isShare ? value === 1 : isBad(value, objective),
    value: isShare ? null : value,
    requestId: null,
    tenant: null,
  }));
  return { failed, missing, events };
}

/** Each value, repeated, one after the other. */
export function repeat(...parts: [times: number, value: number][]): number[] {
  return parts.flatMap(([times, value]) => new Array<number>(times).fill(value));
}

/** `total` values, among them `other` ones at equal distances. */
export function spread(total: number, value: number, other: number, otherValue: number): number[] {
  const isOther = (at: number) =>
    Math.floor(((at + 1) * other) / total) > Math.floor((at * other) / total);
  return Array.from({ length: total }, (_, at) => (isOther(at) ? otherValue : value));
}
