import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/table.ts';
import { plainText } from '../core/terminalText.ts';
import { formatNumber, formatValue } from '../core/verdict/format.ts';
import type { GrowthExplanation } from '../probes/heap/explainGrowth.ts';
import type { PageVitals } from '../probes/page/collectVitals.ts';
import type { RequestTiming } from '../probes/page/requestTiming.ts';
import { phaseSegments } from '../report/charts/slowestRequest.ts';
import type { Waterfall } from '../report/charts/waterfallChart.ts';

/** The heaviest file, in a sentence; null if no request has a known size. */
export function describeHeaviest(requests: readonly RequestTiming[]): string | null {
  const weighed = requests
    .map((request) => ({ path: readPath(request), bytes: request.encodedBytes ?? 0 }))
    .filter(({ bytes }) => bytes > 0);
  const [heaviest] = weighed.toSorted((a, b) => b.bytes - a.bytes);
  if (heaviest === undefined) return null;
  const totalBytes = weighed.reduce((sum, { bytes }) => sum + bytes, 0);
  const total = `${formatValue(totalBytes, 'B')} in ${weighed.length} requests`;
  return plainText(
    `Taken once more, the step loaded ${total}, most of it ${heaviest.path}: ${formatValue(heaviest.bytes, 'B')}.`,
  );
}

/** All requests of a step by their start, each with its phases; null if there was none. */
export function arrangeWaterfall(
  name: string,
  requests: readonly RequestTiming[],
): Waterfall | null {
  const inOrder = requests.toSorted((a, b) => a.startAtMs - b.startAtMs);
  const [first] = inOrder;
  if (first === undefined) return null;
  const rows = inOrder.map((request) => ({
    // Names differ at their end, and long ones are cut there.
    label: readPath(request).split('/').at(-1) || '/',
    segments: phaseSegments(request.phases, request.startAtMs - first.startAtMs),
    note: describeAnswer(request),
  }));
  const ends = rows.flatMap(({ segments }) => segments.map(({ toMs }) => toMs));
  return { title: `${name}: every request`, totalMs: Math.max(0, ...ends), rows };
}

function describeAnswer({ fromCache, encodedBytes, end, status }: RequestTiming): string {
  if (fromCache !== null && fromCache !== 'none') return `from the ${fromCache} cache`;
  const size = encodedBytes === null ? 'size unknown' : formatValue(encodedBytes, 'B');
  const isGood = end === 'finished' && (status ?? 0) < 400;
  return isGood ? size : `${size}, ${status ?? end}`;
}

/** Leaves out the host, which is known, and the query, which may hold a secret. */
function readPath({ url }: RequestTiming): string {
  return URL.parse(url)?.pathname ?? 'a request';
}

/** A sentence for each vital of a visit; null if Chromium named no cause. */
type VitalFindings = Record<'shift' | 'largest' | 'interaction', string | null>;

export function describeVitals({ cls, lcp, labInp }: PageVitals): VitalFindings {
  return {
    shift: describeShift(cls),
    largest: describeLargest(lcp),
    interaction: describeInteraction(labInp),
  };
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
  const element = lcp.element ?? 'one that is gone';
  const whole = formatMs(lcp.valueMs);
  const firstByte = formatMs(lcp.timeToFirstByteMs);
  const load = formatMs(lcp.resourceLoadDelayMs + lcp.resourceLoadMs);
  const render = formatMs(lcp.elementRenderDelayMs);
  return plainText(
    `Taken once more, the largest element was ${element} after ${whole}: ${firstByte} to the first byte of the page, ${load} to find and load it, ${render} until it was painted.`,
  );
}

function describeInteraction(labInp: PageVitals['labInp']): string | null {
  if (labInp === null) return null;
  const target = labInp.target ?? 'an element that is gone';
  const whole = formatMs(labInp.valueMs);
  const wait = formatMs(labInp.inputDelayMs);
  const work = formatMs(labInp.processingMs);
  const paint = formatMs(labInp.presentationDelayMs);
  return plainText(
    `Taken once more, the slowest interaction took ${whole}, on ${target}: ${wait} until it was handled, ${work} to handle it, ${paint} until it was painted.`,
  );
}

function formatMs(ms: number): string {
  return formatValue(ms, 'ms');
}

/** The constructor that grew most, in a sentence; null if nothing grew. */
export function describeGreatestGrowth({ iterations, growth }: GrowthExplanation): string | null {
  const [first] = growth;
  if (first === undefined) return null;
  const { constructorName, countDelta, retainedDeltaBytes, retainers } = first;
  const bytes = formatValue(retainedDeltaBytes / iterations, 'B');
  const holder = retainers === null ? '' : `, held by ${shortenPath(retainers.path)}`;
  const count = Number((countDelta / iterations).toPrecision(2));
  return plainText(
    `Each further use leaves ${count} × ${constructorName} behind (${bytes}, all that they hold included)${holder}.`,
  );
}

const MAX_STEPS = 4;

/** Keeps the last steps, which name the holder; the table has all of them. */
function shortenPath(path: string): string {
  const steps = path.split(' → ');
  return steps.length <= MAX_STEPS ? path : `… → ${steps.slice(-MAX_STEPS).join(' → ')}`;
}

type GrowthRow = GrowthExplanation['growth'][number];

/** A table of all that grew; below each row, the path that holds most of the new objects. */
export function tabulateGrowth({ iterations, growth }: GrowthExplanation): string {
  const title = `In ${iterations} further uses, all that holds at least one more of its kind or 64 B more a use:\n`;
  if (growth.length === 0) return `${title}\n  nothing\n`;
  const head = ['constructor', 'count', 'own size', 'with all that it holds'];
  const [names, ...rows] = alignRows([head, ...growth.map(growthCells)], FIGURES_ON_THE_RIGHT).map(
    (line) => `  ${line}`,
  );
  const lines = growth.flatMap((row, at) => [rows[at], describeRetainers(row)]);
  return `${[title, names, ...lines].join('\n')}\n`;
}

function growthCells({
  constructorName,
  countDelta,
  selfDeltaBytes,
  retainedDeltaBytes,
}: GrowthRow) {
  return [
    plainText(constructorName),
    addSign(countDelta, String(countDelta)),
    addSign(selfDeltaBytes, formatValue(selfDeltaBytes, 'B')),
    addSign(retainedDeltaBytes, formatValue(retainedDeltaBytes, 'B')),
  ];
}

function addSign(value: number, text: string): string {
  return value > 0 ? `+${text}` : text;
}

function describeRetainers({ retainers }: GrowthRow): string {
  if (retainers === null) return '      held by nothing that a window leads to';
  const { path, count, of } = retainers;
  return `      ${count} of ${of} held by ${plainText(path)}`;
}
