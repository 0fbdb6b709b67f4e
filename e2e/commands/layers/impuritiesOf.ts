import {
  type File,
  isCallExpression,
  isIdentifier,
  isMemberExpression,
  isNewExpression,
  isReferenced,
  isStringLiteral,
  type MemberExpression,
  type Node,
  traverse,
} from '@babel/types';

/** A use of something that a pure module must be passed instead. */
export type Impurity = { what: string; line: number };

/** Global names that a pure module does without altogether: the machine, the network, timers, and the way around this list. */
const FORBIDDEN_NAMES = new Set([
  'process',
  'performance',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'Deno',
  'globalThis',
  'require',
]);

const FORBIDDEN_MEMBERS = new Set(['Date.now', 'Math.random']);

/** Where a module reads a clock, chance or the machine. Found in the syntax tree, so that comments and texts may name them. */
export function impuritiesOf(file: File): Impurity[] {
  const found: Impurity[] = [];
  traverse(file, (node, ancestors) => {
    const parent = ancestors.at(-1)?.node;
    const what = impurityIn(node, parent);
    if (what !== null) found.push({ what, line: node.loc?.start.line ?? 1 });
  });
  return found;
}

function impurityIn(node: Node, parent: Node | undefined): string | null {
  if (isNewExpression(node) && isIdentifier(node.callee, { name: 'Date' })) {
    return node.arguments.length === 0 ? 'new Date()' : null;
  }
  if (isCallExpression(node) && isIdentifier(node.callee, { name: 'Date' })) return 'Date()';
  if (isMemberExpression(node)) {
    const name = nameOfMember(node);
    return name !== null && FORBIDDEN_MEMBERS.has(name) ? name : null;
  }
  if (isIdentifier(node) && FORBIDDEN_NAMES.has(node.name)) {
    return parent !== undefined && isReferenced(node, parent) ? node.name : null;
  }
  return null;
}

/** `Date.now` for `Date.now` and for `Date['now']`. */
function nameOfMember({ object, property, computed }: MemberExpression): string | null {
  if (!isIdentifier(object)) return null;
  if (computed) return isStringLiteral(property) ? `${object.name}.${property.value}` : null;
  return isIdentifier(property) ? `${object.name}.${property.name}` : null;
}
