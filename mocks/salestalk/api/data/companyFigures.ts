import type { Figure, Unit } from './tenantTables.ts';

/** The two series that a company's other figures follow from; as many values as there are quarters, oldest first. */
export type Company = {
  /** Quarterly revenue, USD. */
  revenues: readonly number[];
  /** Gross margin, as a share of the revenue. */
  margins: readonly number[];
};

type Derivation = { unit: Unit; of: (revenue: number, margin: number, index: number) => number };

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));

/** Round numbers of a plausible software company; what matters is that they agree with each other. */
const DERIVATIONS: Record<string, Derivation> = {
  revenue: { unit: 'USD', of: (revenue) => revenue },
  margin: { unit: 'ratio', of: (_, margin) => margin },
  gross_profit: { unit: 'USD', of: (revenue, margin) => rounded(revenue * margin, 0) },
  op_margin_pct: { unit: 'ratio', of: (_, margin) => rounded(margin - 0.14, 4) },
  mrr: { unit: 'USD', of: (revenue) => rounded(revenue / 3, 0) },
  arr: { unit: 'USD', of: (revenue) => rounded(revenue * 4, 0) },
  customer_count: { unit: 'count', of: (revenue) => rounded(revenue / 4_000, 0) },
  arpu: { unit: 'USD', of: (revenue) => rounded(revenue / rounded(revenue / 4_000, 0), 2) },
  order_count: { unit: 'count', of: (revenue) => rounded(revenue / 1_250, 0) },
  aov: { unit: 'USD', of: (revenue) => rounded(revenue / rounded(revenue / 1_250, 0), 2) },
  churn_rate: {
    unit: 'ratio',
    of: (_, margin, index) => rounded(0.08 - margin / 10 - index / 1_000, 4),
  },
  return_rate: { unit: 'ratio', of: (_, margin) => rounded(0.06 - margin / 20, 4) },
  win_rate: {
    unit: 'ratio',
    of: (_, margin, index) => rounded(0.18 + margin / 10 + index / 500, 4),
  },
  conversion_rate: { unit: 'ratio', of: (_, margin) => rounded(0.02 + margin / 20, 4) },
  ltv: { unit: 'USD', of: (_, margin) => rounded(margin * 60_000, 0) },
  cac: { unit: 'USD', of: (_, margin) => rounded(9_000 - margin * 5_000, 0) },
  nps: { unit: 'points', of: (_, margin, index) => rounded(20 + margin * 40 + index, 0) },
  pipeline_value: { unit: 'USD', of: (revenue) => rounded(revenue * 3.2, 0) },
  deal_count: { unit: 'count', of: (revenue) => rounded(revenue / 25_000, 0) },
  signup_count: { unit: 'count', of: (revenue) => rounded(revenue / 2_000, 0) },
  lead_count: { unit: 'count', of: (revenue) => rounded(revenue / 500, 0) },
};

/** All figures of a company. @throws RangeError if a series is not one value a quarter */
export function companyFigures(company: Company): Figure[] {
  return QUARTERS.flatMap((quarter, index) => {
    const revenue = company.revenues[index];
    const margin = company.margins[index];
    if (revenue === undefined || margin === undefined) {
      throw new RangeError(`A company needs one value a quarter, and has none for ${quarter}`);
    }
    return Object.entries(DERIVATIONS).map(([metric, { unit, of }]) => ({
      metric,
      quarter,
      value: of(revenue, margin, index),
      unit,
    }));
  });
}

/** The quarters that every tenant has figures for, oldest first. */
export const QUARTERS = [2024, 2025].flatMap((year) =>
  [1, 2, 3, 4].map((quarter) => `${year}-Q${quarter}`),
);
