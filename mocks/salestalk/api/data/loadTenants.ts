import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type Company, companyFigures, QUARTERS } from './companyFigures.ts';
import { openTenantTables, type TenantTables } from './tenantTables.ts';

/** The tables of the seed tenants and of `extraTenantCount` more. */
export function loadTenants(extraTenantCount: number): TenantTables {
  const tables = openTenantTables();
  for (const [tenantId, company] of SEED_TENANTS)
    tables.addTenant(tenantId, companyFigures(company));
  for (let number = 1; number <= extraTenantCount; number += 1) {
    const { tenantId, company } = extraTenant(number);
    tables.addTenant(tenantId, companyFigures(company));
  }
  return tables;
}

/** The two tenants of SalesTalk's seed data. Fixed by it: Acme's revenue of 2025-Q3 and Q4, its margin of 2025-Q3. */
const SEED_TENANTS: ReadonlyMap<string, Company> = new Map([
  [
    'acme-corp-001',
    {
      revenues: [
        1_980_000, 2_050_000, 2_140_000, 2_310_000, 2_260_000, 2_380_000, 2_500_000, 2_750_000,
      ],
      margins: [0.31, 0.315, 0.32, 0.33, 0.325, 0.34, 0.35, 0.36],
    },
  ],
  [
    'techstart-inc-002',
    {
      revenues: [410_000, 455_000, 520_000, 590_000, 640_000, 735_000, 820_000, 905_000],
      margins: [0.52, 0.54, 0.53, 0.55, 0.57, 0.58, 0.6, 0.61],
    },
  ],
]);

export const MAX_EXTRA_TENANTS = 9_999;

/**
 * The `number`-th tenant beyond the seed data, from 1: `tenant-0001` and so on, the same in every run.
 * The last four digits of each of its revenues are its number, so that no two tenants share one, and an answer that came
 * from another tenant's table is recognised by its figure.
 */
function extraTenant(number: number): { tenantId: string; company: Company } {
  const random = xoroshiro128plus(number);
  const firstRevenue = uniformInt(random, 60, 900);
  const firstMargin = uniformInt(random, 200, 600);
  const series = QUARTERS.map((_, index) => ({
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
