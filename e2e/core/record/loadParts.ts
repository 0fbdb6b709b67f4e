import { z } from 'zod';
import { responseMs } from './derivations/loads.ts';
import { GrowingSample } from './growingSample.ts';
import type { LoadRequest } from './loadTable.ts';
import { timesOf, timesSchema } from './times.ts';

/** What a load came to for the requests of one operation, or of one tenant. */
export const loadPart = z
  .strictObject({
    name: z.string(),
    n: z.int().positive(),
    failed: z.int().nonnegative(),
    /** Of those answered, from their intended starts; null: none was. */
    response: timesSchema.nullable(),
  })
  .meta({ id: 'loadPart' });

export type LoadPart = z.infer<typeof loadPart>;

/** Sorts the requests of a load by a name that each of them has. */
export class LoadParts {
  readonly #parts = new Map<string, { n: number; failed: number; response: GrowingSample }>();

  add(name: string, request: LoadRequest): void {
    const part = this.#parts.get(name) ?? { n: 0, failed: 0, response: new GrowingSample() };
    this.#parts.set(name, part);
    part.n++;
    if (request.failure !== null) part.failed++;
    const ms = request.failure === null ? responseMs(request) : null;
    if (ms !== null) part.response.add(ms);
  }

  get count(): number {
    return this.#parts.size;
  }

  /** In the order of their names. */
  list(): LoadPart[] {
    const parts = [...this.#parts].map(([name, { response, ...counts }]) => ({
      name,
      ...counts,
      response: timesOf(response.values),
    }));
    return parts.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Those with the highest P95 first; one that was never answered has waited longest. */
  slowest(most: number): LoadPart[] {
    const waited = ({ response }: LoadPart) => response?.p95Ms ?? Number.POSITIVE_INFINITY;
    // Two of them may be infinite, which have no difference.
    const slower = (a: LoadPart, b: LoadPart) =>
      waited(a) === waited(b) ? 0 : waited(b) - waited(a);
    return this.list().sort(slower).slice(0, most);
  }
}
