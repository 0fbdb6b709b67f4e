import { expectedRequests, firstSeconds, rateProfile } from './arrivalModel.ts';
import type { Load } from './loadSchema.ts';

/** How many requests of a load are to be judged, on average; null where the answers decide that: of users who wait, and of a search. */
export function expectedJudged(load: Load): number | null {
  const { arrivals, warmUpSeconds, durationSeconds = 0, ceilings } = load;
  if (arrivals === undefined) return null;
  const pieces = rateProfile(arrivals, warmUpSeconds + durationSeconds);
  const all = Math.min(expectedRequests(pieces), ceilings.requests ?? Number.POSITIVE_INFINITY);
  return Math.max(0, all - expectedRequests(firstSeconds(pieces, warmUpSeconds)));
}
