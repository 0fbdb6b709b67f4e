import type { Journal } from '../journal/journal.ts';
import type { Behaviour } from './behaviours.ts';

/** One workload of a run: the behaviours that apply to its calls, and what is counted of them. */
export type Scope = {
  id: string;
  seed: number;
  behaviours: readonly Behaviour[];
  ttlMs: number;
  expiresAtMs: number;
  /** For each behaviour, how many calls matched apart from `calls`. */
  admitted: number[];
  attempts: Attempts;
};

const MAX_SCOPES = 1000;
/** The calls of 100 s at 1,000 a second, which is long enough for retries, in less than 20 MB. */
const KEPT_ATTEMPTS = 100_000;

/** The scopes that are known, live or expired. `nowMs` is the clock, milliseconds. */
export class Scopes {
  readonly #scopes = new Map<string, Scope>();
  readonly #journal: Journal;
  readonly #nowMs: () => number;

  constructor(options: { journal: Journal; nowMs: () => number }) {
    this.#journal = options.journal;
    this.#nowMs = options.nowMs;
  }

  /** Sets the behaviours of a scope. A known scope keeps its journal and attempts. 'full': a thousand others are live. */
  put(
    id: string,
    { seed, behaviours, ttlMs }: Pick<Scope, 'seed' | 'behaviours' | 'ttlMs'>,
  ): Scope | 'full' {
    const known = this.#scopes.get(id);
    if (known === undefined && this.#scopes.size >= MAX_SCOPES && !this.#forgetOneExpired())
      return 'full';
    const scope: Scope = {
      id,
      seed,
      behaviours,
      ttlMs,
      expiresAtMs: this.#nowMs() + ttlMs,
      admitted: behaviours.map(() => 0),
      attempts: known?.attempts ?? new Attempts({ kept: KEPT_ATTEMPTS }),
    };
    this.#scopes.set(id, scope);
    this.#journal.open(id);
    return scope;
  }

  /** Postpones the expiry of a live scope; `null` if it is unknown or has expired. */
  renew(id: string): Scope | null {
    const scope = this.#scopes.get(id);
    if (scope === undefined || this.isExpired(scope)) return null;
    scope.expiresAtMs = this.#nowMs() + scope.ttlMs;
    return scope;
  }

  find(id: string): Scope | null {
    return this.#scopes.get(id) ?? null;
  }

  isExpired(scope: Scope): boolean {
    return this.#nowMs() >= scope.expiresAtMs;
  }

  forget(id: string): void {
    this.#scopes.delete(id);
    this.#journal.forget(id);
  }

  // A harness that was killed never deletes its scopes.
  #forgetOneExpired(): boolean {
    for (const scope of this.#scopes.values()) {
      if (!this.isExpired(scope)) continue;
      this.forget(scope.id);
      return true;
    }
    return false;
  }
}

/**
 * Counts the attempts at each request by its key. It holds fewer than twice `kept` counts, and forgets a request after `kept` others
 * at the earliest. Two maps and no queue, since a map whose oldest keys are deleted one by one gets slow.
 */
export class Attempts {
  readonly #kept: number;
  #recent = new Map<string, number>();
  #earlier: ReadonlyMap<string, number> = new Map();

  constructor({ kept }: { kept: number }) {
    this.#kept = kept;
  }

  /** Counts one more; 1 for the first. */
  count(key: string): number {
    const attempt = 1 + (this.#recent.get(key) ?? this.#earlier.get(key) ?? 0);
    this.#recent.set(key, attempt);
    if (this.#recent.size >= this.#kept) {
      this.#earlier = this.#recent;
      this.#recent = new Map();
    }
    return attempt;
  }

  get size(): number {
    return this.#recent.size + this.#earlier.size;
  }
}
