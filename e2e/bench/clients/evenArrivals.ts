/** Intended starts in ms, evenly spaced from 0 on: what every open tool here makes of a constant rate. */
export function* evenArrivals(ratePerSecond: number, seconds: number): Generator<number> {
  const count = Math.round(ratePerSecond * seconds);
  for (let index = 0; index < count; index++) yield (index * 1000) / ratePerSecond;
}
