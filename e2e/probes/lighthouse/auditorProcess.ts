import { type ChildProcess, spawn } from 'node:child_process';
import { PAGE_HOSTS_VARIABLE, TRUSTED_KEYS_VARIABLE } from '../chromium.ts';
import { inheritedEnvironment } from '../inheritedEnvironment.ts';

/** What a child left: how it ended (null: it goes on), its standard output since it was asked, and the last 2 KiB of its standard error. */
export type ChildOutput = { status: string | null; output: string; errors: string };

const MAX_ERROR_CHARACTERS = 2048;
/** How long a child that was asked to end may take. */
const TO_STOP_MS = 3000;

/**
 * A child that carries out one order after the other, on the runtime of this process. It starts with the first: to load Lighthouse takes
 * longer than to load most pages, so that several audits share it. Its standard input stays open until it is closed: a child sees by that
 * when its parent is gone.
 */
export class AuditorProcess implements AsyncDisposable {
  readonly #script: string;
  #running: { child: ChildProcess; ended: Promise<void> } | null = null;
  #said: ChildOutput = NOTHING;
  #onLine: () => void = () => {};

  constructor(script: string) {
    this.#script = script;
  }

  /**
   * Writes `line` and gives back what the child says to it: a line, or nothing but how it ended. A child that has ended is started anew.
   * @throws Error where it has said nothing after `timeoutMs`; it has ended then, by force if need be
   */
  async ask(line: string, timeoutMs: number): Promise<ChildOutput> {
    if (this.#said.output !== '') return this.#said;
    this.#running ??= this.#start();
    const { child, ended } = this.#running;
    const answered = new Promise<void>((resolve) => {
      this.#onLine = resolve;
    });
    child.stdin?.write(`${line}\n`);
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<'timedOut'>((resolve) => {
      timer = setTimeout(() => resolve('timedOut'), timeoutMs);
    });
    const first = await Promise.race([ended, answered, timedOut]);
    clearTimeout(timer);
    if (first === 'timedOut') {
      child.kill('SIGTERM');
      const { errors } = await this.close();
      throw new Error(`nothing after ${timeoutMs / 1000} s. ${errors}`.trimEnd());
    }
    return this.#take();
  }

  /** Ends the child and gives back what it said since its last answer. */
  async close(): Promise<ChildOutput> {
    if (this.#running === null) return this.#take();
    const { child, ended } = this.#running;
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), TO_STOP_MS);
    await ended.finally(() => clearTimeout(timer));
    return this.#take();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #take(): ChildOutput {
    const said = this.#said;
    this.#said = NOTHING;
    return { ...said, errors: said.errors.trim() };
  }

  #start() {
    const onDeno = process.versions.deno !== undefined;
    const flags = onDeno ? ['run', '-A'] : ['--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...flags, this.#script], {
      env: inheritedEnvironment(
        'PLAYWRIGHT_BROWSERS_PATH',
        TRUSTED_KEYS_VARIABLE,
        PAGE_HOSTS_VARIABLE,
      ),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A child that ends before it has read its order breaks the pipe; how it ended says more.
    child.stdin.on('error', () => {});
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#said = { ...this.#said, output: this.#said.output + text };
      if (text.includes('\n')) this.#onLine();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const errors = (this.#said.errors + text).slice(-MAX_ERROR_CHARACTERS);
      this.#said = { ...this.#said, errors };
    });
    const ended = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      // 'close' comes after the pipes are read to their end.
      child.once('close', (code, signal) => {
        this.#said = { ...this.#said, status: signal ?? `exit status ${code}` };
        this.#running = null;
        resolve();
      });
    });
    return { child, ended };
  }
}

const NOTHING: ChildOutput = { status: null, output: '', errors: '' };
