import type { Answer } from '../outcome.ts';

type Reference = NonNullable<Answer['dataReferences']>[number];

/** The figures that each tenant has been shown so far, by which a figure of another tenant is known when it turns up. */
export class KnownFigures {
  /** By metric and period, then by tenant: the value that is taken for theirs. */
  readonly #seen = new Map<string, Map<string, number>>();

  /**
   * Takes note of what a tenant was shown, and says what of it is known as another tenant's: a value that differs from the one that this
   * tenant was shown before, where one of the two is what another was shown. Null where nothing is.
   */
  check(tenant: string, references: readonly Reference[]): string | null {
    const foreign = references.map((reference) => this.#checkOne(tenant, reference));
    return foreign.find((one) => one !== null) ?? null;
  }

  #checkOne(tenant: string, { metric, source, value }: Reference): string | null {
    const name = `${metric} ${source.sk}`;
    const byTenant = this.#seen.get(name) ?? new Map<string, number>();
    this.#seen.set(name, byTenant);
    const before = byTenant.get(tenant);
    if (before === undefined) byTenant.set(tenant, value);
    if (before === undefined || before === value) return null;
    const ownerOf = (of: number): string | undefined =>
      [...byTenant].find(([other, known]) => other !== tenant && known === of)?.[0];
    const owner = ownerOf(value);
    if (owner !== undefined) return `${name} of ${owner}`;
    // Then the first one was foreign, and this is theirs.
    const ownerBefore = ownerOf(before);
    if (ownerBefore === undefined) return null;
    byTenant.set(tenant, value);
    return `${name} of ${ownerBefore}, earlier`;
  }
}
