import type { Company } from './companyFigures.ts';

/** The two tenants of SalesTalk's seed data. Fixed by it: Acme's revenue of 2025-Q3 and Q4, its margin of 2025-Q3. */
export const seedTenants: ReadonlyMap<string, Company> = new Map([
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
