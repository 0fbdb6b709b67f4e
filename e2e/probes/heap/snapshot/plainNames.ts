import type { HeapGraph } from './heapGraph.ts';
import type { Hold } from './pageHeap.ts';

/** An object with more properties than this is taken for a dictionary, whose keys are data. */
const MOST_NAMED_PROPERTIES = 50;

const KINDS: Record<string, string> = {
  closure: 'Function',
  regexp: 'RegExp',
  array: '(array)',
  string: '(string)',
  'concatenated string': '(string)',
  'sliced string': '(string)',
  number: '(number)',
  bigint: '(bigint)',
  symbol: '(symbol)',
};

/**
 * The constructor of an object, the tag of an element, or in brackets what has no constructor. Never a text of the page: no string,
 * no attribute, no address, and no name that could be a key or a token.
 */
export function constructorNameOf(graph: HeapGraph, place: number): string {
  const [type, name] = [graph.typeOf(place), graph.nameOf(place)];
  const kind = KINDS[type];
  if (kind !== undefined) return kind;
  if (name.startsWith('system / Context')) return '(scope)';
  if (name.startsWith('system / ')) return '(engine)';
  if (type !== 'object' && type !== 'native') return '(engine)';
  const [, detached = '', rest = ''] = /^(Detached )?(.*)$/s.exec(name) ?? [];
  const [, tag] = /^<([a-z][a-z0-9-]{0,30})[\s>]/.exec(rest) ?? [];
  if (tag !== undefined) return `${detached}<${tag}>`;
  // Namespaces and parameters of the browser's own classes, and the address after the name of a window.
  const bare =
    rest
      .replace(/<.*$/s, '')
      .replace(/ [/[(].*$/s, '')
      .split('::')
      .at(-1) ?? '';
  return `${detached}${plainName(bare) ?? '(object)'}`;
}

/** How an object is held: `name (Constructor)`, `[index] (Constructor)`, or its constructor alone where the reference has no name of the page. */
export function stepOf(graph: HeapGraph, hold: Hold): string {
  const constructorName = constructorNameOf(graph, hold.target);
  const label = labelOf(graph, hold);
  return label === null ? constructorName : `${label} (${constructorName})`;
}

function labelOf(graph: HeapGraph, hold: Hold): string | null {
  const { holder, type, name } = hold;
  if (type === 'element') return graph.typeOf(holder) === 'native' ? null : `[${name}]`;
  if (type === 'property' || type === 'context') {
    return (isDictionary(graph, holder) ? null : plainName(String(name))) ?? '[…]';
  }
  if (graph.typeOf(hold.target) === 'closure') return plainName(graph.nameOf(hold.target));
  return null;
}

function isDictionary(graph: HeapGraph, place: number): boolean {
  if (/^Window\b/.test(graph.nameOf(place))) return false;
  const properties = graph.referencesOf(place).filter(({ type }) => type === 'property');
  return properties.length > MOST_NAMED_PROPERTIES;
}

/** A name that looks like one in source code; null for anything that could be data. */
function plainName(name: string): string | null {
  const isIdentifier = /^[\p{L}_$][\p{L}\d_$]{0,31}$/u.test(name);
  return isIdentifier && (name.match(/\d/g) ?? []).length <= 2 ? name : null;
}
