import type { Answer } from '../outcome.ts';

type References = NonNullable<Answer['dataReferences']>;

/** The figures that each tenant has been shown so far, by which a figure of another tenant is known when it turns up. */
export class KnownFigures {
  /** By metric and period, then by tenant. */
  readonly #seen = new Map<string, Map<string, number>>();

  /**
   * Takes note of what a tenant was shown, and says what of it is known as another tenant's: a value that differs from the one that this
   * tenant was shown before, and is the one that another was. Null where nothing is.
   */
  check(tenant: string, references: References): string | null {
    const foreign = references.flatMap((reference) => {
      const { metric, source, value } = reference;
      const name = `${metric} ${source.sk}`;
      const byTenant = this.#seen.get(name) ?? new Map<string, number>();
      this.#seen.set(name, byTenant);
      const before = byTenant.get(tenant);
      if (before === undefined) byTenant.set(tenant, value);
      if (before === undefined || before === value) return [];
      const owner = [...byTenant].find(([other, known]) => other !== tenant && known === value);
      return owner === undefined ? [] : [`${name} of ${owner[0]}`];
    });
    return foreign[0] ?? null;
  }
}
