import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from './checkImports.ts';
import type { SourceFile } from './sourceFile.ts';

const CHECKED = ['playwright.config.ts', '{e2e,mocks}/**/*.{ts,mts,js,mjs,css,html}'];
const IMPORTABLE = [...CHECKED, 'package.json', '{budgets,e2e,mocks}/**/*.json'];

/** The files that the layer rules are about, and all that they may import, read from the working tree. */
export function readSources(root: string): { sources: SourceFile[]; repository: Repository } {
  const sources = pathsOf(root, CHECKED).map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }));
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as { dependencies?: object; devDependencies?: object };
  const repository = {
    files: new Set(pathsOf(root, IMPORTABLE)),
    packages: new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]),
  };
  return { sources, repository };
}

function pathsOf(root: string, patterns: string[]): string[] {
  return globSync(patterns, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}
