import { type ParserOptions, parse } from '@babel/parser';
import type { File } from '@babel/types';

/** A file of the repository. `path` is relative to its root, with forward slashes. */
export type SourceFile = { path: string; text: string };

/** Something that a rule forbids. `line` starts at 1. */
export type Violation = { path: string; line: number; message: string };

const CODE = /\.(ts|mts|js|mjs)$/;

export function isCode({ path }: SourceFile): boolean {
  return CODE.test(path);
}

/** Tests, and what only tests use. */
export function isTestCode(path: string): boolean {
  return /\.test\.\w+$/.test(path) || path.includes('/testing/');
}

/**
 * The syntax tree. Babel's parser, since it keeps type-only imports, which stripping the types would lose,
 * and since it is plain JavaScript; TypeScript 7 has no stable interface to its own.
 * Throws where the text is not TypeScript.
 */
export function parseSource({ path, text }: SourceFile): File {
  const plugins: ParserOptions['plugins'] = /ts$/.test(path) ? ['typescript'] : [];
  return parse(text, { sourceType: 'module', plugins, sourceFilename: path });
}
