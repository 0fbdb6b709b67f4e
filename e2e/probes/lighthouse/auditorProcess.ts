import { type ChildProcess, spawn } from 'node:child_process';
import { PAGE_HOSTS_VARIABLE, TRUSTED_KEYS_VARIABLE } from '../chromium.ts';
import { inheritedEnvironment } from '../inheritedEnvironment.ts';

/** A child's exit status (null: it still runs), its output since the order, and the last 2 KiB of its standard error. */
export type ChildOutput = { status: string | null; output: string; errors: string };

const NOTHING: ChildOutput = { status: null, output: '', errors: '' };
const MAX_ERROR_CHARACTERS = 2048;
/** A child that does not end in this time is killed. */
const STOP_TIMEOUT_MS = 3000;

/**
 * A child process on this runtime that carries out orders one after the other. It starts with the first order; loading Lighthouse is
 * slow, so several audits share it. Its standard input stays open, so that the child notices when its parent is gone.
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
   * Writes `line` and returns the child's reply: a line, or only its exit status. A child that has ended is started again.
   * @throws Error if there is no reply after `timeoutMs`; the child is ended then, by force if necessary
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

  /** Ends the child and returns its output since the last reply. */
  async close(): Promise<ChildOutput> {
    if (this.#running === null) return this.#take();
    const { child, ended } = this.#running;
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
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
    // A child that ends before reading its order breaks the pipe; its exit status says more.
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
      // 'close' comes after the pipes are read completely.
      child.once('close', (code, signal) => {
        this.#said = { ...this.#said, status: signal ?? `exit status ${code}` };
        this.#running = null;
        resolve();
      });
    });
    return { child, ended };
  }
}
