import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Company } from './companyFigures.ts';
import { quarters } from './quarters.ts';

export const maxExtraTenants = 9_999;

/**
 * The `number`-th tenant beyond the seed data, from 1: `tenant-0001` and so on, the same in every run.
 * The last four digits of each of its revenues are its number, so that no two tenants share one, and an answer that came
 * from another tenant's table can be told by its figure.
 */
export function extraTenant(number: number): { tenantId: string; company: Company } {
  const random = xoroshiro128plus(number);
  const firstRevenue = uniformInt(random, 60, 900);
  const firstMargin = uniformInt(random, 200, 600);
  const series = quarters.map((_, index) => ({
    revenue: (firstRevenue + index * uniformInt(random, 2, 9)) * 10_000 + number,
    margin: (firstMargin + index * uniformInt(random, 1, 8)) / 1_000,
  }));
  return {
    tenantId: `tenant-${String(number).padStart(4, '0')}`,
    company: {
      revenues: series.map(({ revenue }) => revenue),
      margins: series.map(({ margin }) => margin),
    },
  };
}
