import { fileURLToPath } from 'node:url';
import type { Tool } from './tool.ts';

/** Our load models on our HTTP client. */
export const OURS = ownTool('ours', 'tools/ownLoad.ts');

/** Playwright's request context on our schedule, since it has none of its own. */
export const PLAYWRIGHT = ownTool('Playwright', 'tools/playwrightLoad.ts');

function ownTool(name: string, script: string): Tool {
  return {
    name,
    file: process.execPath,
    command: (load, flags) => ({ args: scriptArgs(script, load, flags) }),
    read: (stdout) => JSON.parse(stdout),
  };
}

/** Arguments of Node for a program of this folder, which gets `input` as JSON. `script` is its path from `e2e/bench/`. */
export function scriptArgs(
  script: string,
  input: object,
  runtimeFlags: readonly string[] = [],
): string[] {
  const file = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const flags = ['--disable-warning=ExperimentalWarning', ...runtimeFlags];
  return [...flags, file, JSON.stringify(input)];
}
