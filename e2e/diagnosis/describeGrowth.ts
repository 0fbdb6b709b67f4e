import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/alignedTable.ts';
import { plainText } from '../core/plainText.ts';
import { formatValue } from '../core/verdict/formatValue.ts';
import type { GrowthExplanation } from '../probes/heap/explainGrowth.ts';

type Row = GrowthExplanation['growth'][number];

const MOST_STEPS = 4;

/** What grew most, in a sentence. */
export function findGrowth({ iterations, growth }: GrowthExplanation): string | null {
  const [first] = growth;
  if (first === undefined) return null;
  const { constructorName, countDelta, retainedDeltaBytes, retainers } = first;
  const each = formatValue(retainedDeltaBytes / iterations, 'B');
  const held = retainers === null ? '' : `, held by ${endOf(retainers.path)}`;
  const many = Number((countDelta / iterations).toPrecision(2));
  return plainText(
    `Each further use leaves ${many} × ${constructorName} behind (${each}, all that they hold included)${held}.`,
  );
}

/** The last steps say what holds it; how the browser comes to these is in the table. */
function endOf(path: string): string {
  const steps = path.split(' → ');
  return steps.length <= MOST_STEPS ? path : `… → ${steps.slice(-MOST_STEPS).join(' → ')}`;
}

/** All that grew, as a table, and below each row the way in which most of what came is held. */
export function describeGrowth({ iterations, growth }: GrowthExplanation): string {
  const title = `In ${iterations} further uses, all that holds at least one more of its kind or 64 B more a use:\n`;
  if (growth.length === 0) return `${title}\n  nothing\n`;
  const head = ['constructor', 'count', 'own size', 'with all that it holds'];
  const [names, ...rows] = alignRows([head, ...growth.map(cellsOf)], FIGURES_ON_THE_RIGHT).map(
    (line) => `  ${line}`,
  );
  const lines = growth.flatMap((row, at) => [rows[at], heldLine(row)]);
  return `${[title, names, ...lines].join('\n')}\n`;
}

function cellsOf({ constructorName, countDelta, selfDeltaBytes, retainedDeltaBytes }: Row) {
  return [
    plainText(constructorName),
    signed(countDelta, String(countDelta)),
    signed(selfDeltaBytes, formatValue(selfDeltaBytes, 'B')),
    signed(retainedDeltaBytes, formatValue(retainedDeltaBytes, 'B')),
  ];
}

function signed(value: number, text: string): string {
  return value > 0 ? `+${text}` : text;
}

function heldLine({ retainers }: Row): string {
  if (retainers === null) return '      held by nothing that a window leads to';
  const { path, count, of } = retainers;
  return `      ${count} of ${of} held by ${plainText(path)}`;
}
