const steps = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

export interface BarScale {
  /** Ends of the scale; zero always lies within, so that the length of a bar is in proportion to its figure. */
  min: number;
  max: number;
}

/** A scale with round ends beyond the figures. A single ratio within 0 and 1 gets 0 to 1, so that its bar shows the share of the whole. */
export function barScale(values: readonly number[], unit: string | null): BarScale {
  const min = Math.min(0, ...values);
  const max = Math.max(0, ...values);
  if (unit === 'ratio' && values.length === 1 && min === 0 && max <= 1) return { min: 0, max: 1 };
  return {
    min: min === 0 ? 0 : -roundAbove(-min),
    max: max === 0 && min < 0 ? 0 : roundAbove(max),
  };
}

/** Where a bar begins and how long it is, as shares of the scale in [0, 1]. */
export function barOf(value: number, scale: BarScale): { start: number; length: number } {
  const span = scale.max - scale.min;
  return { start: (Math.min(value, 0) - scale.min) / span, length: Math.abs(value) / span };
}

/** The next round number strictly above a positive one, so that a bar never seems cut off; 1 for zero. */
function roundAbove(value: number): number {
  if (value === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = steps.find((candidate) => candidate * power > value);
  return step === undefined ? 10 * power : step * power;
}
