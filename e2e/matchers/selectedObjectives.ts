import { z } from 'zod';
import type { RunLine } from '../core/record/recordLine.ts';
import { SELECTED_VARIABLE } from '../core/verdict/selectedVariable.ts';

/**
 * The objectives that this run judges, among those that its record knows. All of them where no reporter said: the fewest false alarms.
 * @throws ZodError when the variable holds anything but a list of ids
 */
export function selectedObjectives(
  { objectives, notMeasured }: RunLine,
  env: Record<string, string | undefined>,
): string[] {
  const known = [...objectives, ...notMeasured].map(({ id }) => id);
  const text = env[SELECTED_VARIABLE];
  if (text === undefined) return known;
  const selected = z.array(z.string()).parse(JSON.parse(text));
  return known.filter((id) => selected.includes(id));
}
