import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type Figure, openTenantTables, type TenantTables, type Unit } from './tenantTables.ts';

export function loadTenants(extraTenantCount: number): TenantTables {
  const tables = openTenantTables();
  for (const [tenantId, company] of Object.entries(SEED_TENANTS))
    tables.addTenant(tenantId, deriveFigures(company));
  for (let number = 1; number <= extraTenantCount; number += 1) {
    const tenantId = `tenant-${String(number).padStart(4, '0')}`;
    tables.addTenant(tenantId, deriveFigures(createCompany(number)));
  }
  return tables;
}

/** The two tenants of the seed data, which fixes Acme's revenue of 2025-Q3 and Q4 and its margin of 2025-Q3. */
const SEED_TENANTS: Record<string, Company> = {
  'acme-corp-001': {
    '2024-Q1': [1_980_000, 0.31],
    '2024-Q2': [2_050_000, 0.315],
    '2024-Q3': [2_140_000, 0.32],
    '2024-Q4': [2_310_000, 0.33],
    '2025-Q1': [2_260_000, 0.325],
    '2025-Q2': [2_380_000, 0.34],
    '2025-Q3': [2_500_000, 0.35],
    '2025-Q4': [2_750_000, 0.36],
  },
  'techstart-inc-002': {
    '2024-Q1': [410_000, 0.52],
    '2024-Q2': [455_000, 0.54],
    '2024-Q3': [520_000, 0.53],
    '2024-Q4': [590_000, 0.55],
    '2025-Q1': [640_000, 0.57],
    '2025-Q2': [735_000, 0.58],
    '2025-Q3': [820_000, 0.6],
    '2025-Q4': [905_000, 0.61],
  },
};

export const MAX_EXTRA_TENANTS = 9_999;

/**
 * A company beyond the seed data, the same in every run. The last four digits of each of its revenues are its number, so
 * that a figure shows which tenant's table it comes from.
 */
function createCompany(number: number): Company {
  const random = xoroshiro128plus(number);
  const firstRevenue = uniformInt(random, 60, 900);
  const firstMargin = uniformInt(random, 200, 600);
  const quarters = QUARTERS.map((quarter, index) => {
    const revenue = (firstRevenue + index * uniformInt(random, 2, 9)) * 10_000 + number;
    return [quarter, [revenue, (firstMargin + index * uniformInt(random, 1, 8)) / 1_000]];
  });
  return Object.fromEntries(quarters);
}

/** What all other figures of a company follow from, by quarter: revenue in USD, and gross margin as a share of it. */
type Company = Record<string, [revenue: number, margin: number]>;

function deriveFigures(company: Company): Figure[] {
  return Object.entries(company).flatMap(([quarter, [revenue, margin]], index) =>
    deriveQuarterFigures(revenue, margin, index).map(([metric, unit, value]) => ({
      metric,
      quarter,
      value,
      unit,
    })),
  );
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
