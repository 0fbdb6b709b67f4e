/**
 * Counts the attempts of requests, each by a key of its own. However many there are, the counts of twice `kept` are held at the most: with each
 * `kept` requests that were asked, those go that were not asked again meanwhile, so that a request is forgotten after `kept` others at the
 * earliest. Two maps and no queue, since a map whose oldest keys are deleted one by one gets slow.
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

  /** How many requests it remembers. */
  get size(): number {
    return this.#recent.size + this.#earlier.size;
  }
}
