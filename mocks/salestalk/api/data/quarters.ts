/** The quarters that every tenant has figures for, oldest first. */
export const quarters = [2024, 2025].flatMap((year) =>
  [1, 2, 3, 4].map((quarter) => `${year}-Q${quarter}`),
);
