import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/table.ts';
import { plainText } from '../core/terminalText.ts';
import { formatNumber, formatValue } from '../core/verdict/format.ts';
import { phaseSegments } from '../matchers/slowestRequest.ts';
import type { GrowthExplanation } from '../probes/heap/explainGrowth.ts';
import type { PageVitals } from '../probes/page/collectVitals.ts';
import type { RequestTiming } from '../probes/page/requestTiming.ts';
import type { Waterfall } from '../report/charts/waterfallChart.ts';

/** The file that weighs most, in a sentence; null where nothing was weighed. */
export function describeHeaviest(requests: readonly RequestTiming[]): string | null {
  const weighed = requests.filter(({ encodedBytes }) => (encodedBytes ?? 0) > 0);
  const [heaviest] = weighed.toSorted((a, b) => Number(b.encodedBytes) - Number(a.encodedBytes));
  if (heaviest === undefined) return null;
  const bytes = weighed.reduce((sum, { encodedBytes }) => sum + Number(encodedBytes), 0);
  const size = formatValue(Number(heaviest.encodedBytes), 'B');
  const of = `${formatValue(bytes, 'B')} in ${weighed.length} requests`;
  return plainText(
    `Taken once more, the step loaded ${of}, most of it ${pathOf(heaviest)}: ${size}.`,
  );
}

/** Every request of a step, in the order of its start, each with its phases; null where there was none. */
export function waterfallOfStep(
  name: string,
  requests: readonly RequestTiming[],
): Waterfall | null {
  const inOrder = requests.toSorted((a, b) => a.startAtMs - b.startAtMs);
  const [first] = inOrder;
  if (first === undefined) return null;
  const rows = inOrder.map((request) => ({
    // Names differ at their end, and long ones are cut there.
    label: pathOf(request).split('/').at(-1) || '/',
    segments: phaseSegments(request.phases, request.startAtMs - first.startAtMs),
    note: noteOf(request),
  }));
  const ends = rows.flatMap(({ segments }) => segments.map(({ toMs }) => toMs));
  return { title: `${name}: every request`, totalMs: Math.max(0, ...ends), rows };
}

function noteOf({ fromCache, encodedBytes, end, status }: RequestTiming): string {
  if (fromCache !== null && fromCache !== 'none') return `from the ${fromCache} cache`;
  const size = encodedBytes === null ? 'size unknown' : formatValue(encodedBytes, 'B');
  const isWell = end === 'finished' && (status ?? 0) < 400;
  return isWell ? size : `${size}, ${status ?? end}`;
}

/** Neither host nor query: the one is known, the other may hold a secret. */
function pathOf({ url }: RequestTiming): string {
  return URL.parse(url)?.pathname ?? 'a request';
}

/** What the vitals of a visit point at, a sentence each; null where Chromium named nothing. */
type VitalFindings = Record<'shift' | 'largest' | 'interaction', string | null>;

export function describeVitals({ cls, lcp, labInp }: PageVitals): VitalFindings {
  return { shift: describeShift(cls), largest: describeLargest(lcp), interaction: slowest(labInp) };
}

function describeShift(cls: PageVitals['cls']): string | null {
  const shift = cls?.largestShift ?? null;
  if (shift === null || shift.elements.length === 0) return null;
  const score = formatNumber(shift.score, 'shift');
  return plainText(
    `Taken once more, the step had a layout shift of ${score} that moved ${shift.elements.join(', ')}.`,
  );
}

function describeLargest(lcp: PageVitals['lcp']): string | null {
  if (lcp === null) return null;
  const { element, valueMs, timeToFirstByteMs, elementRenderDelayMs } = lcp;
  const loadMs = lcp.resourceLoadDelayMs + lcp.resourceLoadMs;
  const [whole, first, load, render] = [
    valueMs,
    timeToFirstByteMs,
    loadMs,
    elementRenderDelayMs,
  ].map(inMs);
  return plainText(
    `Taken once more, the largest element was ${element ?? 'one that is gone'} after ${whole}: ${first} to the first byte of the page, ${load} to find and load it, ${render} until it was painted.`,
  );
}

function slowest(labInp: PageVitals['labInp']): string | null {
  if (labInp === null) return null;
  const { target, valueMs, inputDelayMs, processingMs, presentationDelayMs } = labInp;
  const [whole, wait, work, paint] = [valueMs, inputDelayMs, processingMs, presentationDelayMs].map(
    inMs,
  );
  return plainText(
    `Taken once more, the slowest interaction took ${whole}, on ${target ?? 'an element that is gone'}: ${wait} until it was handled, ${work} to handle it, ${paint} until it was painted.`,
  );
}

function inMs(ms: number): string {
  return formatValue(ms, 'ms');
}

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

/** The last steps name what holds it; the table has all steps. */
function endOf(path: string): string {
  const steps = path.split(' → ');
  return steps.length <= MOST_STEPS ? path : `… → ${steps.slice(-MOST_STEPS).join(' → ')}`;
}

/** A table of all that grew; below each row, the path that holds most of the new objects. */
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
