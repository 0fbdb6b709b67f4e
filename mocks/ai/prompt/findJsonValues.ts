const MAX_TRIES = 200;
// With the start of what may follow: a failed attempt to parse is dear.
const OPENINGS = /\{(?=\s*["}])|\[(?=\s*[\]{["\-\dtfn])/g;

/**
 * The outermost JSON objects and arrays that stand anywhere in a text, in order of their place.
 * A bracket that opens no valid JSON is passed over. A text with more than 200 of those is given up on, so that hostile text costs little.
 */
export function findJsonValues(text: string): unknown[] {
  const found: unknown[] = [];
  let tries = 0;
  OPENINGS.lastIndex = 0;
  for (let match = OPENINGS.exec(text); match !== null; match = OPENINGS.exec(text)) {
    if (++tries > MAX_TRIES) break;
    const end = endOfBalanced(text, match.index);
    if (end === null) continue;
    try {
      found.push(JSON.parse(text.slice(match.index, end)));
      OPENINGS.lastIndex = end;
    } catch {
      // Not JSON from here; there may be some inside.
    }
  }
  return found;
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
