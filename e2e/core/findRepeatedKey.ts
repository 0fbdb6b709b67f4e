/** Counted from 1, as editors count. */
export type Position = { line: number; column: number };

/** A key that stands twice in one object: `JSON.parse` lets the last one win without a word. */
export type RepeatedKey = { path: (string | number)[]; first: Position; second: Position };

/** An object or a list that has been opened and not yet closed. `at` is the key or the index of the value being read. */
type Open =
  | { kind: 'object'; keys: Map<string, number>; at: string; expectsKey: boolean }
  | { kind: 'list'; at: number };

/** All that matters of a valid JSON text: strings, so that nothing inside them is taken for a bracket, then brackets and commas. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/** The first key of a valid JSON text that stands twice in one object, however it is escaped; null where there is none. */
export function findRepeatedKey(text: string): RepeatedKey | null {
  const open: Open[] = [];
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const inside = open.at(-1);
    if (token === '{') open.push({ kind: 'object', keys: new Map(), at: '', expectsKey: true });
    else if (token === '[') open.push({ kind: 'list', at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',') {
      if (inside?.kind === 'list') inside.at += 1;
      else if (inside !== undefined) inside.expectsKey = true;
    } else if (inside?.kind === 'object' && inside.expectsKey) {
      inside.at = String(JSON.parse(token));
      inside.expectsKey = false;
      const first = inside.keys.get(inside.at);
      if (first !== undefined) {
        return {
          path: open.map(({ at }) => at),
          first: positionAt(text, first),
          second: positionAt(text, index),
        };
      }
      inside.keys.set(inside.at, index);
    }
  }
  return null;
}

function positionAt(text: string, index: number): Position {
  const lines = text.slice(0, index).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
