import { checkFile } from './checkFile.ts';
import { checkImports, type Repository } from './checkImports.ts';
import { checkPurity } from './checkPurity.ts';
import { isCode, parseSource, type SourceFile, type Violation } from './sourceFile.ts';

/**
 * Every violation of the layers and of what goes with them, in the order of the files; empty when all is well.
 * `sources` are the files to check, `repository` what their imports may lead to.
 */
export function checkLayers(sources: SourceFile[], repository: Repository): Violation[] {
  return sources.flatMap((source) => {
    const complaints = checkFile(source);
    if (isCode(source)) {
      const tree = parseSource(source);
      complaints.push(...checkImports(source, tree, repository), ...checkPurity(source, tree));
    }
    return complaints.map((complaint) => ({ path: source.path, ...complaint }));
  });
}
