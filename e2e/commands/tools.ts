import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../core/harnessError.ts';

/** Folder of package.json. Every command runs there. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const MODULES = join(ROOT, 'node_modules');

/** A program and the arguments that come before any others. */
export type Tool = [file: string, ...args: string[]];

/** Scripts run on the Node of this process, without a shell or a search on the PATH, so that they work on Windows too. */
export const TOOLS = {
  node: [process.execPath],
  biome: [process.execPath, join(MODULES, '@biomejs', 'biome', 'bin', 'biome')],
  tsc: [process.execPath, join(MODULES, 'typescript', 'bin', 'tsc')],
  playwright: [process.execPath, join(MODULES, '@playwright', 'test', 'cli.js')],
  // The package's own launcher does not pass signals on.
  deno: [join(MODULES, 'deno', process.platform === 'win32' ? 'deno.exe' : 'deno')],
} satisfies Record<string, Tool>;

/**
 * Runs a command with the arguments of this process and sets the exit status. A HarnessError is shown as its message. If the command has a
 * usage text, `--help` shows it, and any other error is shown as its message too, with the usage below it.
 */
export async function runCommand(
  act: (args: string[]) => number | Promise<number>,
  usage?: string,
): Promise<void> {
  const args = process.argv.slice(2);
  const end = args.indexOf('--');
  if (usage !== undefined && args.slice(0, end === -1 ? args.length : end).includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  try {
    process.exitCode = await act(args);
  } catch (error) {
    if (usage === undefined && !(error instanceof HarnessError)) throw error;
    const message = error instanceof Error ? error.message : error;
    const help = error instanceof HarnessError || usage === undefined ? '' : `\n${usage}`;
    process.stderr.write(`${message}\n${help}`);
    process.exitCode = 1;
  }
}
