const pattern = /^[a-z0-9-]{1,64}$/;

/** True for a text that may name a tenant. Nothing else may become part of a table's name. */
export function isTenantId(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}
