import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

type Announcement = { event: string; name: string; url: string; controlUrl?: string };

/** Starts a `main.ts` as the harness and people do, under the runtime of the tests. It is killed when the test ends. */
export function spawnServer(
  context: TestContext,
  main: string,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const runtimeArgs = process.versions.deno === undefined ? [] : ['run', '-A'];
  const child = spawn(process.execPath, [...runtimeArgs, main, ...args], {
    env: { ...process.env, NODE_TEST_CONTEXT: '', ...env },
  });
  context.after(() => child.kill('SIGKILL'));
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, 'close').then(async ([exitCode]) => {
    const [stdout, stderr] = await output;
    return { exitCode, stdout, stderr };
  });
  /** The first line on standard output; rejects when the process ends without one. */
  const announced = new Promise<Announcement>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
    ended.then(({ stderr }) => reject(new Error(stderr)));
  });
  announced.catch(() => undefined);
  return {
    announced,
    ended,
    /** Not child.kill: Deno then reports the signal sent, not the exit code of the child that handled it. */
    terminate: () => process.kill(child.pid ?? -1, 'SIGTERM'),
    endInput: () => child.stdin.end(),
  };
}
