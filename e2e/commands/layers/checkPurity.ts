import {
  type File,
  isIdentifier,
  isImportOrExportDeclaration,
  isStringLiteral,
  isTemplateElement,
  type Node,
  traverseFast,
} from '@babel/types';
import { packageOf } from './checkImports.ts';
import { importsOf } from './importsOf.ts';
import { impuritiesOf } from './impuritiesOf.ts';
import { layerOf, PRODUCT_FREE, PURE_PACKAGES } from './layerRules.ts';
import { isTestCode, type SourceFile } from './sourceFile.ts';

type Complaint = { line: number; message: string };

/** What the code of a layer may not know: clock, chance and machine in a pure one, the product in most. Tests may know all. */
export function checkPurity({ path }: SourceFile, tree: File): Complaint[] {
  const layer = layerOf(path);
  if (layer === null || isTestCode(path)) return [];
  const packages = PURE_PACKAGES[layer];
  return [
    ...(packages === undefined ? [] : impureImports(tree, packages)),
    ...(packages === undefined ? [] : impureUses(tree)),
    ...(PRODUCT_FREE.includes(layer) ? productNames(tree) : []),
  ];
}

function impureImports(tree: File, packages: string[]): Complaint[] {
  return importsOf(tree).flatMap(({ specifier, line }) => {
    if (specifier === null || specifier.startsWith('.')) return [];
    if (packages.includes(packageOf(specifier))) return [];
    return [{ line, message: `imports ${specifier}; a pure layer may use ${packages.join(', ')}` }];
  });
}

function impureUses(tree: File): Complaint[] {
  return impuritiesOf(tree).map(({ what, line }) => ({
    line,
    message: `uses ${what}; a pure layer is passed what it needs`,
  }));
}

function productNames(tree: File): Complaint[] {
  const complaints: Complaint[] = [];
  traverseFast(tree, (node) => {
    // What is imported is judged by the layers.
    if (isImportOrExportDeclaration(node) && 'source' in node && node.source) {
      return traverseFast.skip;
    }
    if (/sales-?talk/i.test(wordsOf(node))) {
      const line = node.loc?.start.line ?? 1;
      complaints.push({ line, message: 'names the product; its drivers alone know it' });
    }
    return undefined;
  });
  return complaints;
}

function wordsOf(node: Node): string {
  if (isIdentifier(node)) return node.name;
  if (isStringLiteral(node)) return node.value;
  return isTemplateElement(node) ? node.value.raw : '';
}
