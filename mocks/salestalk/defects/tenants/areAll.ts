import type { Visitors } from '../gate.ts';

/** Are all of these, where there are any, of one tenant? */
export const areAll = (tenantId: string, visitors: Visitors<string>): boolean =>
  visitors.values().every(({ who }) => who === tenantId);
