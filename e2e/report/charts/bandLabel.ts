import { type MarkArea, TURN } from './objectiveMarks.ts';
import { type AxisRange, positionOnAxis } from './valueAxis.ts';

/** A band wider than this holds its own text. */
const WIDE = 0.26;

type Place = Pick<NonNullable<MarkArea['label']>, 'position' | 'align' | 'offset'>;
const INSIDE: Place = { position: 'insideBottom', offset: [0, -4] };
const BEFORE: Place = { position: 'insideBottomLeft', align: 'right', offset: [-14, -4] };
const BEHIND: Place = { position: 'insideBottomRight', align: 'left', offset: [14, -4] };

/** Where the text of a band from one value to another has room: in it, or on the side where the plot goes on. */
export function bandLabel(axis: AxisRange, from: number, to: number): Place {
  const end = positionOnAxis(axis, to);
  if (end - positionOnAxis(axis, from) > WIDE) return INSIDE;
  return end > TURN ? BEFORE : BEHIND;
}
