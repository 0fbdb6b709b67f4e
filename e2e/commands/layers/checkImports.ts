import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { File } from '@babel/types';
import { type Import, importsOf } from './importsOf.ts';
import { layerOf, MAY_IMPORT } from './layerRules.ts';
import { isTestCode, type SourceFile } from './sourceFile.ts';

/** What imports are checked against. `files` are paths as in SourceFile, `packages` the names in package.json. */
export type Repository = { files: ReadonlySet<string>; packages: ReadonlySet<string> };

type Complaint = { line: number; message: string };

/** Imports that cross a layer the wrong way, or that do not say exactly what they import. */
export function checkImports(
  { path }: SourceFile,
  tree: File,
  repository: Repository,
): Complaint[] {
  return importsOf(tree).flatMap((found) => {
    const message = complaintOf(path, found, repository);
    return message === null ? [] : [{ line: found.line, message }];
  });
}

function complaintOf(path: string, { specifier }: Import, repository: Repository): string | null {
  if (specifier === null) return 'imports something computed; name it in a string';
  if (!specifier.startsWith('.')) return complaintOfPackage(specifier, repository);
  const target = posix.join(posix.dirname(path), specifier);
  if (!repository.files.has(target)) {
    return `imports ${specifier}, which is no file: give its whole name, with the extension`;
  }
  if (isTestCode(target) && !isTestCode(path)) return `imports ${target}, which is for tests`;
  return complaintOfLayer(path, target);
}

function complaintOfPackage(specifier: string, { packages }: Repository): string | null {
  if (specifier.startsWith('node:')) return null;
  if (isBuiltin(specifier)) return `imports ${specifier} without "node:"`;
  const name = packageOf(specifier);
  return packages.has(name) ? null : `imports ${name}, which package.json does not name`;
}

/** `zod` of `zod/v4`, `@scope/name` of `@scope/name/part`. */
export function packageOf(specifier: string): string {
  const depth = specifier.startsWith('@') ? 2 : 1;
  return specifier.split('/').slice(0, depth).join('/');
}

function complaintOfLayer(path: string, target: string): string | null {
  const from = layerOf(path);
  const to = layerOf(target);
  // Data at the top of the repository, such as package.json, belongs to all.
  const isData = to === '' && target.endsWith('.json');
  if (from === null || to === null || from === to || isData) return null;
  const allowed = MAY_IMPORT[from] ?? [];
  if (allowed.includes(to) || allowed.includes(target)) return null;
  return `imports ${target}; ${from} may import ${allowed.length === 0 ? 'nothing else' : allowed.join(', ')}`;
}
