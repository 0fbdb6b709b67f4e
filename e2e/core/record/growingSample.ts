/** Values one after the other in a typed array, which a list of a million numbers would take several times the memory of. */
export class GrowingSample {
  #values: Float64Array;
  #length = 0;

  /** @param expected values for which there is room at once */
  constructor(expected = 64) {
    this.#values = new Float64Array(Math.max(1, expected));
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** What was added so far, without a copy. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
