import { shortText } from '../../core/shortText.ts';
import type { HotFunction } from './hottestFunctions.ts';

/** Bundlers make names of any length. */
const LONGEST_NAME = 60;

/** A line each, such as `holdFor (busy.js:2:18): 148.2 ms, 92.3 % of the busy time`; safe to show on a terminal. */
export function describeHottest(functions: readonly HotFunction[]): string {
  const lines = functions.map((hot) => {
    const share = (hot.share * 100).toFixed(1);
    return `${nameOf(hot)}: ${hot.selfMs.toFixed(1)} ms, ${share} % of the busy time`;
  });
  return lines.join('\n');
}

/** A function without a name is called by its place. */
function nameOf({ functionName, file, line, column }: HotFunction): string {
  const place = file === null ? null : [cut(file), line, column].filter(isKnown).join(':');
  if (functionName === '') return `(anonymous)${place === null ? '' : ` ${place}`}`;
  return place === null ? cut(functionName) : `${cut(functionName)} (${place})`;
}

function isKnown(part: string | number | null): boolean {
  return part !== null;
}

function cut(name: string): string {
  return shortText(name, LONGEST_NAME);
}
