const MOST_FAILURES = 50;
// With the start of what may follow: a failed attempt to parse is dear.
const OPENINGS = /\{(?=\s*["}])|\[(?=\s*[\]{["\-\dtfn])/g;

/**
 * The outermost JSON objects and arrays that stand anywhere in a text, in order of their place.
 * A bracket that opens no valid JSON is passed over; after 50 of those the search ends, so that hostile text costs little.
 */
export function findJsonValues(text: string): unknown[] {
  const found: unknown[] = [];
  let failures = 0;
  OPENINGS.lastIndex = 0;
  for (let match = OPENINGS.exec(text); match !== null; match = OPENINGS.exec(text)) {
    const end = endOfBalanced(text, match.index);
    const value = end === null ? undefined : parsed(text.slice(match.index, end));
    if (value !== undefined && end !== null) {
      found.push(value);
      OPENINGS.lastIndex = end;
    } else if (++failures >= MOST_FAILURES) break;
  }
  return found;
}

/** `undefined`, which JSON cannot say, where the text is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The offset behind the bracket that closes the one at `start`; `null` if none does. */
function endOfBalanced(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}
