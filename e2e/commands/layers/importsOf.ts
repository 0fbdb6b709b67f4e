import {
  type File,
  isCallExpression,
  isExportAllDeclaration,
  isExportNamedDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportExpression,
  isStringLiteral,
  isTSExternalModuleReference,
  isTSImportType,
  type Node,
  traverseFast,
} from '@babel/types';

/** An import of any kind. `specifier` is null where it is computed, so that nobody can say what is imported. */
export type Import = { specifier: string | null; line: number };

/** Everything that a module imports: values and types, re-exports, `import()`, `import('…').Type` and `require`. */
export function importsOf(file: File): Import[] {
  const imports: Import[] = [];
  traverseFast(file, (node) => {
    const source = sourceOf(node);
    if (source === undefined) return;
    const specifier = isStringLiteral(source) ? source.value : null;
    imports.push({ specifier, line: node.loc?.start.line ?? 1 });
  });
  return imports;
}

/** The node that names what is imported; undefined where a node imports nothing. */
function sourceOf(node: Node): Node | undefined {
  if (isImportDeclaration(node) || isExportAllDeclaration(node)) return node.source;
  if (isExportNamedDeclaration(node)) return node.source ?? undefined;
  if (isImportExpression(node) || isTSImportType(node)) return node.source;
  if (isTSExternalModuleReference(node)) return node.expression;
  if (isCallExpression(node) && isIdentifier(node.callee, { name: 'require' })) {
    return node.arguments[0];
  }
  return undefined;
}
