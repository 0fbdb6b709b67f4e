import { join } from 'node:path';

/**
 * Where the npm package `node` puts the Node that package.json pins.
 * @param {string} root folder of package.json
 * @returns {string} absolute path, whether it exists or not
 */
export function pinnedNode(root) {
  return join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
}
