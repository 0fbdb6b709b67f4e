import { plainText } from '../core/plainText.ts';
import { formatNumber, formatValue } from '../core/verdict/formatValue.ts';
import type { PageVitals } from '../probes/page/webVitals.ts';

/** What the vitals of a visit point at, a sentence each; null where Chromium named nothing. */
export type VitalFindings = Record<'shift' | 'largest' | 'interaction', string | null>;

export function describeVitals({ cls, lcp, labInp }: PageVitals): VitalFindings {
  return { shift: describeShift(cls), largest: describeLargest(lcp), interaction: slowest(labInp) };
}

function describeShift(cls: PageVitals['cls']): string | null {
  const shift = cls?.largestShift ?? null;
  const moved = shift?.sources.map(({ element }) => element).filter((name) => name !== null) ?? [];
  if (shift === null || moved.length === 0) return null;
  const score = formatNumber(shift.score, 'shift');
  return plainText(
    `Taken once more, the step had a layout shift of ${score} that moved ${moved.join(', ')}.`,
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
