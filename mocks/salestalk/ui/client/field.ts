/** A member of an object of unknown shape; `undefined` where there is none. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/** A member that is text with something in it, or `null`. */
export function textField(value: unknown, name: string): string | null {
  const text = field(value, name);
  return typeof text === 'string' && text !== '' ? text : null;
}

/** A member that is a finite number, or `null`. */
export function numberField(value: unknown, name: string): number | null {
  const number = field(value, name);
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
