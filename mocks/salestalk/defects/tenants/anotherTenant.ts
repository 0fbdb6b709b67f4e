/** The tenant after this one in a list, after the last the first. */
export function anotherTenant(tenantId: string, tenantIds: readonly string[]): string {
  const next = tenantIds[(tenantIds.indexOf(tenantId) + 1) % tenantIds.length];
  if (next === undefined || next === tenantId) throw new RangeError('There is no other tenant');
  return next;
}
