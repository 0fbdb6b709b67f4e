import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

type MainProcess = {
  child: ChildProcessWithoutNullStreams;
  /** The first line on standard output, as JSON; rejects when the process ends without one. */
  announcement: Promise<{ event: string; name: string; url: string }>;
  /** Resolves when the process has ended. */
  ended: Promise<{ exitCode: number | null; errors: string }>;
};

/** Starts main.ts under the runtime that runs the tests. */
export function spawnMain(args: string[], env: Record<string, string> = {}): MainProcess {
  const runtimeArgs = process.versions.deno === undefined ? [] : ['run', '-A'];
  const child = spawn(process.execPath, [...runtimeArgs, main, ...args], {
    env: { ...process.env, NODE_TEST_CONTEXT: '', ...env },
  });
  const errors = text(child.stderr);
  const ended = once(child, 'exit').then(async ([exitCode]) => ({
    exitCode,
    errors: await errors,
  }));
  const announcement = new Promise<{ event: string; name: string; url: string }>(
    (resolve, reject) => {
      createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
      ended.then(() => reject(new Error('The process ended before it announced itself')));
    },
  );
  announcement.catch(() => {});
  return { child, announcement, ended };
}
