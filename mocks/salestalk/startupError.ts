/** Why the process does not start, with a stable code, and in words that say what to do. */
export class StartupError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'StartupError';
    this.code = code;
  }
}
