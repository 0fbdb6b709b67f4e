import { fileURLToPath } from 'node:url';
import { runTool, type ToolRun } from './runTool.ts';

const CLIENTS = new URL('../clients/', import.meta.url);

/**
 * Runs a program of `clients/` in a process of its own, on the runtime that this one runs on, so that its start-up costs it as much as
 * any other tool. @throws Error with what it said, where it fails
 */
export function runClient(
  script: string,
  args: Record<string, string | number>,
  { timeoutMs, runtimeFlags = [] }: { timeoutMs: number; runtimeFlags?: string[] },
): Promise<ToolRun> {
  const file = fileURLToPath(new URL(script, CLIENTS));
  const flags = Object.entries(args).map(([name, value]) => `--${name}=${value}`);
  return runTool(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...runtimeFlags, file, ...flags],
    { timeoutMs },
  );
}
