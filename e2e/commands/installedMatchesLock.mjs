import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether node_modules holds what package-lock.json asks for.
 * npm writes `node_modules/.package-lock.json` last, so an install that was cut off has none, or the one before;
 * what was deleted since shows by its missing package.json. Costs some 10 ms for 200 packages.
 * @param {string} root folder of package-lock.json
 * @returns {boolean}
 */
export function installedMatchesLock(root) {
  const locked = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (locked === null || installed === null) return false;
  const asLocked = [...installed].every(
    ([path, entry]) =>
      locked.get(path)?.version === entry.version &&
      locked.get(path)?.integrity === entry.integrity &&
      existsSync(join(root, path, 'package.json')),
  );
  // Packages of other platforms are in the lock file alone.
  const complete = [...locked].every(
    ([path, entry]) => path === '' || installed.has(path) || entry.optional || entry.devOptional,
  );
  return asLocked && complete;
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockEntry
 */

/**
 * @param {string} file
 * @returns {Map<string, LockEntry> | null} null where there is no such file, or none that can be read
 */
function readPackages(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages));
  } catch {
    return null;
  }
}
