import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type Figure, openTenantTables, type TenantTables, type Unit } from './tenantTables.ts';

/** The tables of the seed tenants and of `extraTenantCount` more. */
export function loadTenants(extraTenantCount: number): TenantTables {
  const tables = openTenantTables();
  for (const [tenantId, company] of SEED_TENANTS)
    tables.addTenant(tenantId, deriveFigures(company));
  for (let number = 1; number <= extraTenantCount; number += 1) {
    const tenantId = `tenant-${String(number).padStart(4, '0')}`;
    tables.addTenant(tenantId, deriveFigures(createCompany(number)));
  }
  return tables;
}

/** The two tenants of the seed data, which fixes Acme's revenue of 2025-Q3 and Q4 and its margin of 2025-Q3. */
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
 * A company beyond the seed data, the same in every run. The last four digits of each of its revenues are its number, so
 * that a figure shows which tenant's table it comes from.
 */
function createCompany(number: number): Company {
  const random = xoroshiro128plus(number);
  const firstRevenue = uniformInt(random, 60, 900);
  const firstMargin = uniformInt(random, 200, 600);
  const series = QUARTERS.map((_, index) => ({
    revenue: (firstRevenue + index * uniformInt(random, 2, 9)) * 10_000 + number,
    margin: (firstMargin + index * uniformInt(random, 1, 8)) / 1_000,
  }));
  return {
    revenues: series.map(({ revenue }) => revenue),
    margins: series.map(({ margin }) => margin),
  };
}

/** The two series from which all other figures of a company follow: one value a quarter, oldest first. */
type Company = {
  /** Quarterly revenue, USD. */
  revenues: readonly number[];
  /** Gross margin, as a share of the revenue. */
  margins: readonly number[];
};

/** All figures of a company. @throws RangeError if a series is not one value a quarter */
function deriveFigures({ revenues, margins }: Company): Figure[] {
  return QUARTERS.flatMap((quarter, index) => {
    const revenue = revenues[index];
    const margin = margins[index];
    if (revenue === undefined || margin === undefined) {
      throw new RangeError(`A company needs one value a quarter, and has none for ${quarter}`);
    }
    return deriveQuarterFigures(revenue, margin, index).map(([metric, unit, value]) => ({
      metric,
      quarter,
      value,
      unit,
    }));
  });
}

const round = (value: number, decimals = 0): number => Number(value.toFixed(decimals));

/** Plausible figures of a software company. What matters is that they agree with each other. */
function deriveQuarterFigures(
  revenue: number,
  margin: number,
  index: number,
): [metric: string, unit: Unit, value: number][] {
  const customers = round(revenue / 4_000);
  const orders = round(revenue / 1_250);
  return [
    ['revenue', 'USD', revenue],
    ['margin', 'ratio', margin],
    ['gross_profit', 'USD', round(revenue * margin)],
    ['op_margin_pct', 'ratio', round(margin - 0.14, 4)],
    ['mrr', 'USD', round(revenue / 3)],
    ['arr', 'USD', round(revenue * 4)],
    ['customer_count', 'count', customers],
    ['arpu', 'USD', round(revenue / customers, 2)],
    ['order_count', 'count', orders],
    ['aov', 'USD', round(revenue / orders, 2)],
    ['churn_rate', 'ratio', round(0.08 - margin / 10 - index / 1_000, 4)],
    ['return_rate', 'ratio', round(0.06 - margin / 20, 4)],
    ['win_rate', 'ratio', round(0.18 + margin / 10 + index / 500, 4)],
    ['conversion_rate', 'ratio', round(0.02 + margin / 20, 4)],
    ['ltv', 'USD', round(margin * 60_000)],
    ['cac', 'USD', round(9_000 - margin * 5_000)],
    ['nps', 'points', round(20 + margin * 40 + index)],
    ['pipeline_value', 'USD', round(revenue * 3.2)],
    ['deal_count', 'count', round(revenue / 25_000)],
    ['signup_count', 'count', round(revenue / 2_000)],
    ['lead_count', 'count', round(revenue / 500)],
  ];
}

/** The quarters that every tenant has figures for, oldest first. */
export const QUARTERS = [2024, 2025].flatMap((year) =>
  [1, 2, 3, 4].map((quarter) => `${year}-Q${quarter}`),
);
